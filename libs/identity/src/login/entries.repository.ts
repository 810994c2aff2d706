import { sql, type Queryable } from '#libs/platform/database';
import type { NewSession, SessionLifetime } from '../sessions/sessions.repository.js';
import { tryHasSucceeded } from '../throttling/login-throttles.repository.js';
import { loginGoesOn } from './logins.repository.js';

/** A login whose password was right, as it is written down. */
export interface Entry {
  /** Of the login when its password was checked. */
  version: number;
  /** Of the same password, made with today's parameters; null: the present one stays. */
  newHash: string | null;
  session: NewSession;
  /** What the try counts under. */
  throttleKey: Buffer;
}

/**
 * - `written`; `settled`: the try counts no more
 * - `changed`: the login is no longer as it was at that version, and nothing was written
 * - `busy`: somebody is changing the login at the moment, and nothing was written
 */
export type EntryOutcome = { state: 'written'; settled: boolean } | { state: 'changed' } | { state: 'busy' };

// Rows that somebody holds are left out, so that no login waits for what is going on about another user. Users are held in the order of their ids, and
// after all of them keys in their order: two groups, or a group and an erasure, never wait for one another.
// The arrays come out of sub-selects, so that the planner knows as little of them each time as the first, and keeps its plan: planning would cost more than running it.
const write = sql(
  'entries.write',
  `WITH wanted AS MATERIALIZED (
     SELECT * FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[]), (SELECT $3::bigint[]), (SELECT $4::text[]), (SELECT $5::bytea[]), (SELECT $6::uuid[]), (SELECT $7::bytea[]), (SELECT $8::bytea[]), (SELECT $9::text[]), (SELECT $10::text[]))
       WITH ORDINALITY AS w (realm_id, user_id, version, new_hash, throttle_key, session_id, family_hash, refresh_hash, address, user_agent, place)
   ), held AS MATERIALIZED (
     SELECT l.realm_id, l.user_id, w.place, (l.version = w.version AND ${loginGoesOn('l')}) AS unchanged
     FROM logins l JOIN wanted w ON w.realm_id = l.realm_id AND w.user_id = l.user_id
     ORDER BY l.realm_id, l.user_id FOR NO KEY UPDATE OF l SKIP LOCKED
   ), entered AS (
     UPDATE logins l SET last_login_at = now(), password_hash = coalesce(w.new_hash, l.password_hash)
     FROM held h JOIN wanted w USING (place) WHERE h.unchanged AND l.realm_id = h.realm_id AND l.user_id = h.user_id RETURNING w.place
   ), begun AS (
     INSERT INTO sessions (realm_id, user_id, session_id, family_hash, refresh_hash, address, user_agent, idle_expires_at, expires_at)
     SELECT realm_id, user_id, session_id, family_hash, refresh_hash, address, user_agent, now() + least($11::integer, $12::integer) * interval '1 second', now() + $12::integer * interval '1 second'
     FROM entered JOIN wanted USING (place)
   ), counting AS MATERIALIZED (
     SELECT t.realm_id, t.throttle_key, w.place FROM entered JOIN wanted w USING (place) JOIN login_throttles t ON t.realm_id = w.realm_id AND t.throttle_key = w.throttle_key
     ORDER BY t.realm_id, t.throttle_key FOR UPDATE OF t SKIP LOCKED
   ), settled AS (
     UPDATE login_throttles t SET ${tryHasSucceeded} FROM counting c WHERE t.realm_id = c.realm_id AND t.throttle_key = c.throttle_key RETURNING c.place
   )
   SELECT h.place, e.place IS NOT NULL AS written, s.place IS NOT NULL AS settled FROM held h LEFT JOIN entered e USING (place) LEFT JOIN settled s USING (place)`,
);

/** What is written when users log in: the login, its session and its counter, of several users in one statement. */
export const entriesRepository = {
  /**
   * @param entries each of another user
   * @returns what came of each, in order
   */
  async write(on: Queryable, entries: readonly Entry[], lifetime: SessionLifetime): Promise<EntryOutcome[]> {
    const session = <Key extends keyof NewSession>(key: Key) => entries.map((entry) => entry.session[key]);
    const columns = [session('realmId'), session('userId'), entries.map(({ version }) => version), entries.map(({ newHash }) => newHash), entries.map(({ throttleKey }) => throttleKey)];
    const ofSessions = [session('sessionId'), session('familyHash'), session('refreshHash'), session('address'), session('userAgent')];
    const rows = await on.query<{ place: number; written: boolean; settled: boolean }>(write, [...columns, ...ofSessions, lifetime.idle, lifetime.total]);
    const outcomes: EntryOutcome[] = entries.map(() => ({ state: 'busy' }));
    for (const { place, written, settled } of rows) outcomes[place - 1] = written ? { state: 'written', settled } : { state: 'changed' };
    return outcomes;
  },
};
