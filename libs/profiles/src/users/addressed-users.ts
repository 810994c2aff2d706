import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { addressedUser, addressParameters } from './user-address.js';
import { readSurroundings } from './surroundings.js';
import type { LockedDirectoryRecord, UserRecord } from './user-record.js';
import { UsersRepository } from './users.repository.js';

const find = sql('users.find', `SELECT user_id AS "userId" FROM (SELECT ${addressedUser('$1::uuid', { userId: '$2::uuid', uid: '$3::text', uidAsId: '$4::uuid' })} AS user_id) AS found WHERE user_id IS NOT NULL`);
const withoutId = sql(
  'users.find_without_external_id',
  'SELECT user_id AS "userId" FROM users WHERE realm_id = $1 AND lower(email) = lower($2) AND external_id IS NULL AND hidden_by IS NULL ORDER BY seq LIMIT 1',
);
// One statement with its lock, as `user_events.lock_owners`: who is hidden while we wait is nobody's then.
const keep = sql(
  'users.keep',
  `SELECT kept.user_id AS "userId" FROM (SELECT ${addressedUser('$1::uuid', { userId: '$2::uuid', uid: '$3::text', uidAsId: '$4::uuid' })} AS user_id) AS found,
   LATERAL (SELECT u.user_id FROM users u WHERE u.realm_id = $1 AND u.user_id = found.user_id AND u.hidden_by IS NULL FOR KEY SHARE) AS kept`,
);

/** Somebody who is locked, and what is known of them. */
export interface LockedUser {
  user: UserRecord;
  directory: LockedDirectoryRecord;
  /** The database's time. */
  at: string;
}

/** Finds the users whom callers mean, for changes that come one by one. */
@Injectable()
export class AddressedUsers {
  constructor(
    private readonly users: UsersRepository,
    private readonly tombstones: TombstonesRepository,
    private readonly keys: TombstoneKeys,
  ) {}

  /** The id of the user whom the address means. One who is hidden may still be found by id. */
  async find(on: Queryable, realmId: string, address: profiles.UserAddress): Promise<string | undefined> {
    const { userId, uid, uidAsId } = addressParameters(address);
    return (await on.query<{ userId: string }>(find, [realmId, userId, uid, uidAsId]))[0]?.userId;
  }

  /** The id of the user who has this email, and no external id; of several, the one who came first. */
  async findWithoutExternalId(on: Queryable, realmId: string, email: string): Promise<string | undefined> {
    return (await on.query<{ userId: string }>(withoutId, [realmId, email]))[0]?.userId;
  }

  /**
   * The id of the user whom the address means, and who is neither erased nor merged until the end of the transaction. Other changes of theirs go on meanwhile.
   * Somebody who was merged while we waited is found as whom they became.
   */
  async findAndKeep(tx: Transaction, realmId: string, address: profiles.UserAddress): Promise<string | undefined> {
    const { userId, uid, uidAsId } = addressParameters(address);
    const look = async () => (await tx.query<{ userId: string }>(keep, [realmId, userId, uid, uidAsId]))[0]?.userId;
    return (await look()) ?? (await look());
  }

  /** Locks users, in the order of their ids. Who is hidden or erased by now is left out. */
  async lock(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<Map<string, LockedUser>> {
    const locked = await this.users.lock(tx, userIds.map((userId) => ({ realmId, userId })));
    const { at, directory } = await readSurroundings(tx, locked, [], [], { realmIds: [], names: [] });
    return new Map(locked.flatMap((user) => {
      const known = directory.get(user.userId);
      return known === undefined ? [] : [[user.userId, { user, directory: known, at }]];
    }));
  }

  /** Finds and locks one. Somebody who was merged while we waited for them goes by the same name, and is found under it then. */
  async findAndLock(tx: Transaction, realmId: string, address: profiles.UserAddress): Promise<LockedUser | undefined> {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const userId = await this.find(tx, realmId, address);
      const locked = userId === undefined ? undefined : (await this.lock(tx, realmId, [userId])).get(userId);
      if (userId === undefined || locked !== undefined) return locked;
    }
    return undefined;
  }

  /** Why nobody goes by the address: erased, or never seen. */
  async absence(on: Queryable, realmId: string, address: profiles.UserAddress): Promise<Failure> {
    const standing = await this.tombstones.standing(on, [realmId], this.keys.of(realmId, address));
    return standing.size > 0
      ? profiles.profilesErrors.failure('user-erased', 'This user was erased.')
      : profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
  }
}
