import { sql, type Queryable, type Transaction } from '#libs/platform/database';

export interface RealmDayCounts {
  realmId: string;
  /** `2026-01-31`, UTC. */
  day: string;
  activeUsers: number;
  events: number;
}

/** Days that figures are kept for. */
export const keptDays = 400;

// In the order of the key, so that two processes never wait for each other.
const add = sql(
  'realm_days.add',
  `INSERT INTO realm_days (realm_id, day, active, events)
   SELECT "realmId", day, "activeUsers", events FROM json_to_recordset($1::json) AS given ("realmId" uuid, day date, "activeUsers" bigint, events bigint) ORDER BY 1, 2
   ON CONFLICT (realm_id, day) DO UPDATE SET active = realm_days.active + excluded.active, events = realm_days.events + excluded.events`,
);
const keepTotals = sql(
  'realm_days.keep_totals',
  `INSERT INTO realm_days (realm_id, day, total)
   SELECT realm_id, (now() AT TIME ZONE 'UTC')::date, sum(total) FROM user_counts GROUP BY realm_id ORDER BY realm_id
   ON CONFLICT (realm_id, day) DO UPDATE SET total = excluded.total WHERE realm_days.total IS DISTINCT FROM excluded.total`,
);
const trim = sql('realm_days.trim', `DELETE FROM realm_days WHERE day < (now() AT TIME ZONE 'UTC')::date - $1::integer`);
const list = sql(
  'realm_days.list',
  `SELECT to_char(day, 'YYYY-MM-DD') AS day, total::integer AS users, active::integer AS "activeUsers", events::integer AS events FROM realm_days
   WHERE realm_id = $1 AND day BETWEEN $2::date AND $3::date ORDER BY day`,
);

export const realmDaysRepository = {
  async add(on: Queryable, counts: readonly RealmDayCounts[]): Promise<void> {
    await on.execute(add, [JSON.stringify(counts)]);
  },

  /** Keeps how many users each realm has today, and forgets what is old. @returns days forgotten */
  async keepTotals(tx: Transaction): Promise<number> {
    await tx.execute(keepTotals);
    return tx.execute(trim, [keptDays]);
  },

  async list(on: Queryable, realmId: string, from: string, to: string): Promise<{ day: string; users: number | null; activeUsers: number; events: number }[]> {
    return on.query(list, [realmId, from, to]);
  },
};
