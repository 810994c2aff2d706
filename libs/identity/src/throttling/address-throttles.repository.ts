import { sql, type Queryable } from '#libs/platform/database';

/** @param limit how many failures block an address, in SQL */
export const isBlocked = (limit: string) => `failures >= ${limit} AND ends_at > clock_timestamp()`;

const blockedFor = sql(
  'address_throttles.blocked_for',
  `SELECT extract(epoch FROM ends_at - clock_timestamp())::float8 AS seconds FROM address_throttles WHERE throttle_key = $1 AND ${isBlocked('$2')}`,
);
const fail = sql(
  'address_throttles.fail',
  `INSERT INTO address_throttles AS t (throttle_key, failures, ends_at) VALUES ($1, 1, clock_timestamp() + interval '1 hour')
   ON CONFLICT ON CONSTRAINT address_throttles_pkey DO UPDATE SET
     failures = CASE WHEN t.ends_at <= clock_timestamp() THEN 1 ELSE t.failures + 1 END,
     ends_at = CASE WHEN t.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE t.ends_at END`,
);
const sweep = sql('address_throttles.sweep', 'DELETE FROM address_throttles WHERE ends_at <= now()');

/** All SQL of `address_throttles`. */
export const addressThrottlesRepository = {
  /** Seconds; undefined when it is not blocked. */
  async blockedFor(on: Queryable, key: Buffer, limit: number): Promise<number | undefined> {
    return (await on.query<{ seconds: number }>(blockedFor, [key, limit]))[0]?.seconds;
  },

  async fail(on: Queryable, key: Buffer): Promise<void> {
    await on.execute(fail, [key]);
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};
