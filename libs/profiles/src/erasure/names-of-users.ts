import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/platform/database';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { AliasesRepository } from '../merging/aliases.repository.js';
import type { UserToHide } from './hidden-users.repository.js';
import type { Tombstone } from './tombstone.entity.js';
import { TombstoneKeys } from './tombstone-keys.js';

export type Stone = Pick<Tombstone, 'keyHash' | 'userId' | 'kind'>;

/** Every name by which users can be called, as tombstones remember it. */
@Injectable()
export class NamesOfUsers {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly aliases: AliasesRepository,
    private readonly keys: TombstoneKeys,
  ) {}

  /** Takes the uids of those who were merged into the users away from them, and answers one tombstone for each name. */
  async take(tx: Transaction, realmId: string, users: readonly UserToHide[]): Promise<Stone[]> {
    const userIds = users.map(({ userId }) => userId);
    const userNames = await this.directory.userNames(tx, realmId, userIds);
    const aliases = await this.aliases.ofUsers(tx, realmId, userIds);
    await this.aliases.free(tx, realmId, userIds);
    return [
      ...users.flatMap((user) => this.stones(realmId, user, userNames.get(user.userId))),
      ...aliases.map(({ userId, uid }): Stone => ({ userId, kind: 'external-id', keyHash: this.keys.exact(realmId, uid) })),
    ];
  }

  private stones(realmId: string, { userId, externalId, email }: UserToHide, userName: string | undefined): Stone[] {
    const stones: Stone[] = [{ userId, kind: 'user-id', keyHash: this.keys.exact(realmId, userId) }];
    if (externalId !== null) stones.push({ userId, kind: 'external-id', keyHash: this.keys.exact(realmId, externalId) });
    if (email !== null) stones.push({ userId, kind: 'email', keyHash: this.keys.folded(realmId, email) });
    if (userName !== undefined) stones.push({ userId, kind: 'user-name', keyHash: this.keys.folded(realmId, userName) });
    return stones;
  }
}
