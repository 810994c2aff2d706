import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { HiddenUsersRepository, type UserToHide } from './hidden-users.repository.js';
import type { Tombstone } from './tombstone.entity.js';
import { TombstoneKeys } from './tombstone-keys.js';
import { TombstonesRepository } from './tombstones.repository.js';

type Stone = Pick<Tombstone, 'keyHash' | 'userId' | 'kind'>;

/** Hides users from every read and puts a tombstone on each of their names, in one transaction. Their names are free at once. */
@Injectable()
export class HideUsers {
  constructor(
    private readonly database: Database,
    private readonly users: HiddenUsersRepository,
    private readonly directory: DirectoryRepository,
    private readonly tombstones: TombstonesRepository,
    private readonly keys: TombstoneKeys,
    private readonly outbox: Outbox,
  ) {}

  /** @returns one answer per asked user, in order: its id, or null where there is none */
  async execute({ realmId, erasureId, users, requestedBy }: RequestOf<typeof profiles.hideUsers>, context: CallContext): Promise<(string | null)[]> {
    return this.database.withTransaction(async (tx) => {
      // The same erasure asked twice at once: the second must see what the first did, or it might take the new bearer of
      // a name for the old one.
      await this.users.lockErasure(tx, erasureId);
      const answers = await this.alreadyHidden(tx, realmId, erasureId, users);
      const open = [...users.keys()].filter((place) => answers[place] === null);
      const found = await this.users.lock(tx, realmId, open.map((place) => users[place]!));
      for (const { place, userId } of found) answers[open[place]!] = userId;

      const hidden = [...new Map(found.map((user) => [user.userId, user])).values()];
      if (hidden.length === 0) return answers;
      const userIds = hidden.map(({ userId }) => userId);
      const userNames = await this.directory.userNames(tx, realmId, userIds);
      await this.tombstones.put(tx, realmId, erasureId, hidden.flatMap((user) => this.stones(realmId, user, userNames.get(user.userId))));
      await this.users.hide(tx, realmId, erasureId, userIds);
      await this.outbox.append(tx, context, event(profiles.usersHidden, { realmId, erasureId, userIds, requestedBy }));
      return answers;
    });
  }

  /** What this very erasure hid before, whoever bears the names by now. */
  private async alreadyHidden(tx: Transaction, realmId: string, erasureId: string, users: readonly profiles.UserAddress[]): Promise<(string | null)[]> {
    const hashes = users.map((user) => this.keys.of(realmId, user));
    const hidden = await this.tombstones.ofErasure(tx, realmId, erasureId, hashes.flat());
    return hashes.map((own) => {
      const match = own.find((hash) => hidden.has(hash.toString('hex')));
      return match === undefined ? null : (hidden.get(match.toString('hex')) ?? null);
    });
  }

  private stones(realmId: string, { userId, externalId, email }: UserToHide, userName: string | undefined): Stone[] {
    const stones: Stone[] = [{ userId, kind: 'user-id', keyHash: this.keys.exact(realmId, userId) }];
    if (externalId !== null) stones.push({ userId, kind: 'external-id', keyHash: this.keys.exact(realmId, externalId) });
    if (email !== null) stones.push({ userId, kind: 'email', keyHash: this.keys.folded(realmId, email) });
    if (userName !== undefined) stones.push({ userId, kind: 'user-name', keyHash: this.keys.folded(realmId, userName) });
    return stones;
  }
}
