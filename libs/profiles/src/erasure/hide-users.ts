import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { HiddenUsersRepository } from './hidden-users.repository.js';
import { NamesOfUsers } from './names-of-users.js';
import { TombstoneKeys } from './tombstone-keys.js';
import { TombstonesRepository } from './tombstones.repository.js';

/** Hides users from every read and puts a tombstone on each of their names, in one transaction. Their names are free at once. */
@Injectable()
export class HideUsers {
  constructor(
    private readonly database: Database,
    private readonly users: HiddenUsersRepository,
    private readonly names: NamesOfUsers,
    private readonly tombstones: TombstonesRepository,
    private readonly keys: TombstoneKeys,
    private readonly outbox: Outbox,
  ) {}

  /** @returns one answer per asked user, in order: its id, or null where there is none */
  async execute({ realmId, erasureId, users, requestedBy, requestedByType }: RequestOf<typeof profiles.hideUsers>, context: CallContext): Promise<(string | null)[]> {
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
      await this.tombstones.put(tx, realmId, erasureId, await this.names.take(tx, realmId, hidden));
      await this.users.hide(tx, realmId, erasureId, userIds);
      await this.outbox.append(tx, context, event(profiles.usersHidden, { realmId, erasureId, userIds, requestedBy, requestedByType }));
      const actor = { type: requestedByType, id: requestedBy };
      await auditTrail.append(tx, context, ...userIds.map((id) => ({ actor, action: 'user.erasure-requested', target: { type: 'user', id }, projectId: realmId === staffRealmId ? null : realmId })));
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
}
