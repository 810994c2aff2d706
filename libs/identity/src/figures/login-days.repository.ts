import { sql, type Queryable } from '#libs/platform/database';

export interface LoginDayCounts {
  realmId: string;
  /** `2026-01-31`, UTC. */
  day: string;
  logins: number;
  refused: number;
}

/** Days that figures are kept for. */
const keptDays = 400;

// In the order of the key, so that two processes never wait for each other.
const add = sql(
  'login_days.add',
  `INSERT INTO login_days (realm_id, day, entered, refused)
   SELECT "realmId", day, logins, refused FROM json_to_recordset($1::json) AS given ("realmId" uuid, day date, logins bigint, refused bigint) ORDER BY 1, 2
   ON CONFLICT (realm_id, day) DO UPDATE SET entered = login_days.entered + excluded.entered, refused = login_days.refused + excluded.refused`,
);
const trim = sql('login_days.trim', `DELETE FROM login_days WHERE day < (now() AT TIME ZONE 'UTC')::date - $1::integer`);
const list = sql(
  'login_days.list',
  `SELECT to_char(day, 'YYYY-MM-DD') AS day, entered::integer AS logins, refused::integer AS refused FROM login_days WHERE realm_id = $1 AND day BETWEEN $2::date AND $3::date ORDER BY day`,
);

export const loginDaysRepository = {
  async add(on: Queryable, counts: readonly LoginDayCounts[]): Promise<void> {
    await on.execute(add, [JSON.stringify(counts)]);
  },

  /** @returns days forgotten */
  async trim(on: Queryable): Promise<number> {
    return on.execute(trim, [keptDays]);
  },

  async list(on: Queryable, realmId: string, from: string, to: string): Promise<{ day: string; logins: number; refused: number }[]> {
    return on.query(list, [realmId, from, to]);
  },
};
