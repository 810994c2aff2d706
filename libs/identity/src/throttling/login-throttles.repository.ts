import { sql, type Queryable } from '#libs/platform/database';
import { isBlocked } from './address-throttles.repository.js';

/** Failures are forgotten after so long without a try. */
const memory = `interval '1 day'`;
/** A try that has not been settled for so long never will be: its process is gone. */
const settledBy = `interval '10 seconds'`;
const longestBlockSeconds = 900;

/**
 * What becomes of a counter `t` when one more try begins, and when that may be. clock_timestamp() and not now(): a statement that waited for the row's lock has to
 * see the time as it is then.
 * @param place of the parameter that says how many failures hold a key back
 */
export function tryIsBegun(place: number): string {
  return `failures = CASE WHEN t.touched_at < clock_timestamp() - ${memory} THEN 0 ELSE t.failures END,
     in_flight = CASE WHEN t.touched_at < clock_timestamp() - ${settledBy} THEN 1 ELSE t.in_flight + 1 END,
     touched_at = clock_timestamp()
   WHERE t.blocked_until <= clock_timestamp()
     AND (t.failures + t.in_flight < $${place} OR t.in_flight = 0 OR t.touched_at < clock_timestamp() - ${settledBy})`;
}

/** What becomes of a counter when a try has succeeded. */
export const tryHasSucceeded = 'failures = 0, in_flight = greatest(in_flight - 1, 0), blocked_until = clock_timestamp(), touched_at = clock_timestamp()';

const begin = sql(
  'login_throttles.begin',
  `INSERT INTO login_throttles AS t (realm_id, throttle_key, in_flight, user_id)
   SELECT $1::uuid, $2::bytea, 1, $4::uuid WHERE $5::bytea IS NULL OR NOT EXISTS (SELECT FROM address_throttles WHERE throttle_key = $5 AND ${isBlocked('$6')})
   ON CONFLICT ON CONSTRAINT login_throttles_pkey DO UPDATE SET ${tryIsBegun(3)} RETURNING 1`,
);
const blockedFor = sql(
  'login_throttles.blocked_for',
  `SELECT extract(epoch FROM blocked_until - clock_timestamp())::float8 AS seconds FROM login_throttles WHERE realm_id = $1 AND throttle_key = $2 AND blocked_until > clock_timestamp()`,
);
const fail = sql(
  'login_throttles.fail',
  `UPDATE login_throttles SET
     failures = failures + 1,
     in_flight = greatest(in_flight - 1, 0),
     blocked_until = CASE WHEN failures + 1 < $3 THEN blocked_until
       ELSE clock_timestamp() + least(${longestBlockSeconds}, 2 ^ least(failures + 1 - $3, 20)) * interval '1 second' END,
     touched_at = clock_timestamp()
   WHERE realm_id = $1 AND throttle_key = $2`,
);
const succeed = sql(
  'login_throttles.succeed',
  `UPDATE login_throttles SET ${tryHasSucceeded} WHERE realm_id = $1 AND throttle_key = $2`,
);
const abandon = sql('login_throttles.abandon', 'UPDATE login_throttles SET in_flight = greatest(in_flight - 1, 0) WHERE realm_id = $1 AND throttle_key = $2');
const pardon = sql('login_throttles.pardon', 'UPDATE login_throttles SET failures = 0, blocked_until = clock_timestamp() WHERE realm_id = $1 AND throttle_key = ANY ($2::bytea[])');
const ofUsers = 'realm_id = $1 AND (throttle_key = ANY ($2::bytea[]) OR user_id = ANY ($3::uuid[]))';
const forget = sql('login_throttles.forget', `DELETE FROM login_throttles WHERE ${ofUsers}`);
const count = sql('login_throttles.count', `SELECT count(*) AS count FROM login_throttles WHERE ${ofUsers}`);
const sweep = sql(
  'login_throttles.sweep',
  `DELETE FROM login_throttles WHERE touched_at < now() - ${memory} OR (failures = 0 AND touched_at < now() - interval '1 minute')`,
);

/** All SQL of `login_throttles`. Each statement is atomic, so that any number of replicas count together. */
export const loginThrottlesRepository = {
  /**
   * Counts a try as being evaluated.
   * @param limit failures, those being evaluated included, before tries are held back
   * @param deviceOf whose device it is, where the key is of one
   * @param address that must not be blocked; looked at in the same statement, because logins are many and round trips dear
   * @returns false when the key or the address is blocked, or as many tries are being evaluated as may still fail
   */
  async begin(on: Queryable, realmId: string, key: Buffer, limit: number, deviceOf: string | null, address: { key: Buffer; limit: number } | null): Promise<boolean> {
    return (await on.query(begin, [realmId, key, limit, deviceOf, address?.key ?? null, address?.limit ?? null])).length > 0;
  },

  /** Seconds; undefined when it is not blocked. */
  async blockedFor(on: Queryable, realmId: string, key: Buffer): Promise<number | undefined> {
    return (await on.query<{ seconds: number }>(blockedFor, [realmId, key]))[0]?.seconds;
  },

  async fail(on: Queryable, realmId: string, key: Buffer, limit: number): Promise<void> {
    await on.execute(fail, [realmId, key, limit]);
  },

  async succeed(on: Queryable, realmId: string, key: Buffer): Promise<void> {
    await on.execute(succeed, [realmId, key]);
  },

  /** The try was not evaluated. */
  async abandon(on: Queryable, realmId: string, key: Buffer): Promise<void> {
    await on.execute(abandon, [realmId, key]);
  },

  /** Lets tries go on, whatever failed before. */
  async pardon(on: Queryable, realmId: string, keys: readonly Buffer[]): Promise<void> {
    await on.execute(pardon, [realmId, keys]);
  },

  /** @param keys of the users' names; those of their devices are found by themselves */
  async forget(on: Queryable, realmId: string, keys: readonly Buffer[], userIds: readonly string[]): Promise<number> {
    return on.execute(forget, [realmId, keys, userIds]);
  },

  async count(on: Queryable, realmId: string, keys: readonly Buffer[], userIds: readonly string[]): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId, keys, userIds]))[0]!.count;
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};
