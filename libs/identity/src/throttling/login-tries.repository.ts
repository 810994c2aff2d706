import { sql, type Queryable } from '#libs/platform/database';
import { foundByName, type LoginRow } from '../login/logins.repository.js';
import { isBlocked } from './address-throttles.repository.js';
import { tryIsBegun } from './login-throttles.repository.js';

/** A try to log in, as it is begun. */
export interface NewTry {
  realmId: string;
  /** What it counts under. */
  key: Buffer;
  /** Whose device it is, where the key is of one. */
  deviceOf: string | null;
  /** That must not be blocked. */
  addressKey: Buffer | null;
  /** Failures that block it, less those of its tries that are being evaluated. */
  addressLimit: number;
  /** Canonical. */
  name: string;
}

/**
 * - `begun`: it counts as being evaluated, and this is the login of the name
 * - `refused`: the key or the address is blocked, or as many tries are being evaluated as may still fail
 * - `busy`: somebody is counting under that key at the moment
 */
export type BegunTry = { state: 'begun'; login: LoginRow | undefined } | { state: 'refused' | 'busy' };

type Found = { place: number; state: BegunTry['state'] } & (LoginRow | Record<keyof LoginRow, null>);

// A key that somebody holds is left out, so that no try waits for what is going on about another one. Those that are there are held in the order
// of keys before any is counted, and those that are not are made in that order: two groups never wait for one another.
// The arrays come out of sub-selects, so that the planner knows as little of them each time as the first, and keeps its plan: planning would cost more than running it.
const begin = sql(
  'login_tries.begin',
  `WITH wanted AS MATERIALIZED (
     SELECT * FROM unnest((SELECT $1::uuid[]), (SELECT $2::bytea[]), (SELECT $3::uuid[]), (SELECT $4::bytea[]), (SELECT $5::text[]), (SELECT $7::integer[])) WITH ORDINALITY AS w (realm_id, throttle_key, user_id, address_key, name, address_limit, place)
   ), held AS MATERIALIZED (
     SELECT t.realm_id, t.throttle_key FROM login_throttles t JOIN wanted w ON w.realm_id = t.realm_id AND w.throttle_key = t.throttle_key
     ORDER BY t.realm_id, t.throttle_key FOR UPDATE OF t SKIP LOCKED
   ), free AS MATERIALIZED (
     SELECT w.* FROM wanted w LEFT JOIN held h USING (realm_id, throttle_key)
     WHERE h.realm_id IS NOT NULL OR NOT EXISTS (SELECT FROM login_throttles t WHERE t.realm_id = w.realm_id AND t.throttle_key = w.throttle_key)
   ), begun AS (
     INSERT INTO login_throttles AS t (realm_id, throttle_key, in_flight, user_id)
     SELECT realm_id, throttle_key, 1, user_id FROM free w
     WHERE address_key IS NULL OR NOT EXISTS (SELECT FROM address_throttles a WHERE a.throttle_key = w.address_key AND ${isBlocked('w.address_limit')})
     ORDER BY realm_id, throttle_key
     ON CONFLICT ON CONSTRAINT login_throttles_pkey DO UPDATE SET ${tryIsBegun(6)} RETURNING t.realm_id, t.throttle_key
   )
   SELECT w.place, CASE WHEN b.realm_id IS NOT NULL THEN 'begun' WHEN f.realm_id IS NOT NULL THEN 'refused' ELSE 'busy' END AS state, l.*
   FROM wanted w LEFT JOIN free f USING (realm_id, throttle_key) LEFT JOIN begun b USING (realm_id, throttle_key)
     LEFT JOIN LATERAL (${foundByName('w.realm_id', 'w.name')}) l ON b.realm_id IS NOT NULL`,
);

/** Tries of several logins at once: counted, and the logins found, in one statement, because logins are many and round trips dear. */
export const loginTriesRepository = {
  /**
   * @param tries each with another key
   * @param limit failures, those being evaluated included, before tries are held back
   * @returns what came of each, in order
   */
  async begin(on: Queryable, tries: readonly NewTry[], limit: number): Promise<BegunTry[]> {
    const column = <Key extends keyof NewTry>(key: Key) => tries.map((one) => one[key]);
    const rows = await on.query<Found>(begin, [column('realmId'), column('key'), column('deviceOf'), column('addressKey'), column('name'), limit, column('addressLimit')]);
    const outcomes: BegunTry[] = tries.map(() => ({ state: 'busy' }));
    for (const { place, state, ...login } of rows) outcomes[place - 1] = state === 'begun' ? { state, login: login.userId === null ? undefined : login } : { state };
    return outcomes;
  },
};
