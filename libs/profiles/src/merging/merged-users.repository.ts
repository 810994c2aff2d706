import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from '#libs/platform/database';
import { fieldsLock } from '../fields/fields.repository.js';
import type { UserRecord } from '../users/user-record.js';

// The lock that keeps custom fields as they are comes before all locks of users: see `users.lock`.
const keepFields = sql('profile_fields.keep_to_merge', `SELECT pg_advisory_xact_lock_shared(${fieldsLock('$1::uuid::text')})`);
const lock = sql('users.lock_to_merge', 'SELECT FROM users WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) AND hidden_by IS NULL ORDER BY user_id FOR UPDATE');

// An id is unique per user: an event that both have is one, and the destination's stays. Looked up one by one, by the key:
// without statistics of these columns the planner would join the two users' events in a way that takes their product.
const dropDoubles = sql(
  'user_events.drop_doubles',
  `DELETE FROM user_events e WHERE e.realm_id = $1 AND e.user_id = $2
     AND (SELECT true FROM event_ids known WHERE known.realm_id = $1 AND known.user_id = $3 AND known.event_id = e.event_id)`,
);
// In slices of the key's order, so that no statement of a user of a million events runs into its time limit.
const moveEvents = sql(
  'user_events.move',
  `UPDATE user_events SET user_id = $3 WHERE realm_id = $1 AND user_id = $2 AND (occurred_at, seq) <= (
     SELECT occurred_at, seq FROM (SELECT occurred_at, seq FROM user_events WHERE realm_id = $1 AND user_id = $2 ORDER BY occurred_at, seq LIMIT $4) AS slice
     ORDER BY occurred_at DESC, seq DESC LIMIT 1)`,
);
const slice = 20_000;
// Found by the index of users alone, and which of them are in the slice is hashed (hence a number that the planner knows): joined, without statistics of
// what has just come in, it would be the product of both.
const idsOfSource = '(realm_id = $1) IS TRUE AND user_id = $2';
const moveEventIds = sql(
  'event_ids.move',
  `WITH taken AS (
     DELETE FROM event_ids WHERE ${idsOfSource} AND (event_id IN (SELECT event_id FROM event_ids WHERE ${idsOfSource} LIMIT ${slice})) IS TRUE
     RETURNING realm_id, event_id
   ), moved AS (
     INSERT INTO event_ids (realm_id, user_id, event_id) SELECT realm_id, $3, event_id FROM taken ON CONFLICT DO NOTHING
   )
   SELECT count(*) AS rows FROM taken`,
);

// Where both said something about a list, the destination's word stays. Lists are locked, as segments below: one that is being removed is waited for, and left out.
const copySubscriptions = sql(
  'list_subscriptions.copy',
  `INSERT INTO list_subscriptions (realm_id, user_id, list_id, subscribed, since)
   SELECT s.realm_id, $3, s.list_id, s.subscribed, s.since FROM list_subscriptions s JOIN lists l ON l.realm_id = s.realm_id AND l.list_id = s.list_id
   WHERE s.realm_id = $1 AND s.user_id = $2 ORDER BY s.seq FOR KEY SHARE OF l ON CONFLICT DO NOTHING`,
);
const dropSubscriptions = sql('list_subscriptions.drop', 'DELETE FROM list_subscriptions WHERE realm_id = $1 AND user_id = $2');

// Of segments, only that the user wants nothing of one goes over: which ones the destination is in is decided in the wake.
const copySuppressions = sql(
  'segment_members.copy_suppressions',
  `INSERT INTO segment_members AS m (realm_id, user_id, segment_id, user_seq, member, suppressed)
   SELECT s.realm_id, u.user_id, s.segment_id, u.seq, s.member, true FROM segment_members s
     JOIN users u ON u.realm_id = $1 AND u.user_id = $3 JOIN segments g ON g.realm_id = s.realm_id AND g.segment_id = s.segment_id
   WHERE s.realm_id = $1 AND s.user_id = $2 AND s.suppressed ORDER BY s.segment_id FOR KEY SHARE OF g ON CONFLICT DO NOTHING`,
);
const dropMemberships = sql('segment_members.drop', 'DELETE FROM segment_members WHERE realm_id = $1 AND user_id = $2');

const see = sql('users.see', 'UPDATE users SET first_seen_at = $3, last_seen_at = $4, activity = $5 WHERE realm_id = $1 AND user_id = $2');

/** The SQL that moves what is one user's to another. */
@Injectable()
export class MergedUsersRepository {
  /** Nobody changes a custom field of the realm until the end of the transaction. */
  async keepFields(tx: Transaction, realmId: string): Promise<void> {
    await tx.query(keepFields, [realmId]);
  }

  /** Nobody reads to write, tracks or hides one of them until the end of the transaction. */
  async lock(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<void> {
    await tx.query(lock, [realmId, userIds]);
  }

  /** @returns how many events the destination gained */
  async moveEvents(tx: Transaction, realmId: string, source: string, destination: string): Promise<number> {
    await tx.execute(dropDoubles, [realmId, source, destination]);
    let moved = 0;
    for (let rows = slice; rows === slice; moved += rows) rows = await tx.execute(moveEvents, [realmId, source, destination, slice]);
    for (let rows = slice; rows === slice; ) rows = (await tx.query<{ rows: number }>(moveEventIds, [realmId, source, destination]))[0]?.rows ?? 0;
    return moved;
  }

  /** @returns how many lists the destination gained */
  async moveSubscriptions(tx: Transaction, realmId: string, source: string, destination: string): Promise<number> {
    const copied = await tx.execute(copySubscriptions, [realmId, source, destination]);
    await tx.execute(dropSubscriptions, [realmId, source]);
    return copied;
  }

  async moveSuppressions(tx: Transaction, realmId: string, source: string, destination: string): Promise<void> {
    await tx.execute(copySuppressions, [realmId, source, destination]);
    await tx.execute(dropMemberships, [realmId, source]);
  }

  /** Writes when the destination was seen, and what it did when. */
  async see(tx: Transaction, realmId: string, { userId, firstSeenAt, lastSeenAt, activity }: Pick<UserRecord, 'userId' | 'firstSeenAt' | 'lastSeenAt' | 'activity'>): Promise<void> {
    await tx.execute(see, [realmId, userId, firstSeenAt, lastSeenAt, JSON.stringify(activity)]);
  }
}
