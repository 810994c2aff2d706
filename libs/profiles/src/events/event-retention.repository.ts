import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { atAnyTime } from './at-any-time.js';

const isOld = `e.occurred_at < now() - make_interval(days => $2)`;

// By users, each batch from where the one before ended: what was deleted before is not gone through again. The batch is a stretch of the key, and is deleted as
// one: joined, it may be compared with all events of the realm, one by one.
const deleteOld = sql(
  'user_events.delete_old',
  `WITH old AS MATERIALIZED (
     SELECT e.user_id, e.occurred_at, e.seq FROM user_events e WHERE e.realm_id = $1 AND e.user_id >= $3 AND ${atAnyTime('e')} AND ${isOld} ORDER BY e.user_id, e.occurred_at, e.seq LIMIT $4
   ), gone AS (
     DELETE FROM user_events e WHERE e.realm_id = $1 AND e.user_id >= $3 AND ${atAnyTime('e')} AND ${isOld}
       AND (e.user_id, e.occurred_at, e.seq) <= (SELECT user_id, occurred_at, seq FROM old ORDER BY user_id DESC, occurred_at DESC, seq DESC LIMIT 1)
   )
   SELECT count(*) AS deleted, (SELECT user_id FROM old ORDER BY user_id DESC LIMIT 1) AS last FROM old`,
);

// Months that are over; what happens to belong to one later has its place in the default partition.
const pastMonths = sql(
  'user_events.past_months',
  `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'user_events'::regclass AND c.relname ~ '^user_events_\\d{4}_\\d\\d$' AND c.relname < 'user_events_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM') ORDER BY 1`,
);

/** The SQL by which tracked events go when their time is over. Their ids stay: what was sent once is one event for ever. */
@Injectable()
export class EventRetentionRepository {
  /**
   * Deletes a batch of a realm's events that are older than so many days.
   * @param from the user where the batch before ended
   * @returns how many were deleted, and the last one's user
   */
  async deleteOld(on: Queryable, realmId: string, days: number, from: string, limit: number): Promise<{ deleted: number; last: string | null }> {
    return (await on.query<{ deleted: number; last: string | null }>(deleteOld, [realmId, days, from, limit]))[0]!;
  }

  /** Names of the partitions of months that are over. */
  async pastMonths(on: Queryable): Promise<string[]> {
    return (await on.query<{ name: string }>(pastMonths)).map(({ name }) => name);
  }

  async isEmpty(on: Queryable, partition: string): Promise<boolean> {
    return (await on.execute(`SELECT FROM ${partition} LIMIT 1`)) === 0;
  }

  /** Nobody reads or writes events until the end of the transaction, which must be at once; gives up where that has to be waited for. */
  async lock(tx: Transaction): Promise<void> {
    await tx.query(`SET LOCAL lock_timeout = '500ms'`);
    await tx.query('LOCK TABLE ONLY user_events IN ACCESS EXCLUSIVE MODE');
  }

  async drop(tx: Transaction, partition: string): Promise<void> {
    await tx.query(`DROP TABLE IF EXISTS ${partition}`);
  }
}
