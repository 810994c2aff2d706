import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Transaction } from '#libs/platform/database';
import { addressedUser, addressParameters } from '../users/user-address.js';

/** A locked user, with the names that tombstones remember. */
export interface UserToHide {
  /** Which of the addresses it was found by. */
  place: number;
  userId: string;
  externalId: string | null;
  email: string | null;
}

const lockErasure = sql('users.lock_erasure', 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))');

// In the order of ids, so that nobody who locks several waits for somebody who waits for them.
const lock = sql(
  'users.lock_to_hide',
  `SELECT found.place, u.* FROM (
     SELECT wanted.place, ${addressedUser('$1::uuid', { userId: 'wanted.user_id', uid: 'wanted.uid', uidAsId: 'wanted.uid_as_id' })} AS user_id
     FROM json_to_recordset($2::json) AS wanted (place integer, user_id uuid, uid text, uid_as_id uuid)
     ORDER BY 2) AS found,
   LATERAL (SELECT u.user_id AS "userId", u.external_id AS "externalId", u.email FROM users u WHERE u.realm_id = $1 AND u.user_id = found.user_id AND u.hidden_by IS NULL FOR UPDATE) AS u`,
);

const hide = sql('users.hide', 'UPDATE users SET hidden_by = $2 WHERE (realm_id = $1) IS TRUE AND user_id = ANY ($3::uuid[])');

/** The SQL that takes users out of sight. */
@Injectable()
export class HiddenUsersRepository {
  /** Until the end of the transaction nobody else works on this erasure. */
  async lockErasure(tx: Transaction, erasureId: string): Promise<void> {
    await tx.query(lockErasure, [erasureId]);
  }

  /**
   * Locks the users that the addresses mean; an address that means nobody is left out, and two may mean the same. Somebody who was merged while we waited
   * goes by the same name, and is found under it as whom they became: else nobody would be erased who was to be.
   */
  async lock(tx: Transaction, realmId: string, addresses: readonly profiles.UserAddress[]): Promise<UserToHide[]> {
    const wanted = addresses.map((address, place) => {
      const { userId, uid, uidAsId } = addressParameters(address);
      return { place, user_id: userId, uid, uid_as_id: uidAsId };
    });
    const found = await this.lockOnce(tx, realmId, wanted);
    const places = new Set(found.map(({ place }) => place));
    return [...found, ...(await this.lockOnce(tx, realmId, wanted.filter(({ place, uid }) => uid !== null && !places.has(place))))];
  }

  private async lockOnce(tx: Transaction, realmId: string, wanted: readonly { place: number; user_id: string | null; uid: string | null; uid_as_id: string | null }[]): Promise<UserToHide[]> {
    return wanted.length === 0 ? [] : tx.query<UserToHide>(lock, [realmId, JSON.stringify(wanted)]);
  }

  async hide(tx: Transaction, realmId: string, erasureId: string, userIds: readonly string[]): Promise<void> {
    await tx.execute(hide, [realmId, erasureId, userIds]);
  }
}
