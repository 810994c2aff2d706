import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { oneOf, sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { SuppressionPosition } from './suppression-cursors.js';

// A suppression is a tombstone that stands on a name. Those on ids of users are none: an id is never given again, and a
// late repetition of the request that made the user finds it there.
const stands = (stone: string) => `${stone}.lifted_at IS NULL AND ${stone}.kind <> 'user-id'`;
// Each name by its key, and its bearer's other names by theirs, whatever the planner thinks of their number.
const bearers = (hashes: string, condition: string) => `SELECT named.user_id FROM unnest(${hashes}) AS asked (hash), LATERAL (SELECT * FROM tombstones WHERE realm_id = ${oneOf('$1::uuid')} AND key_hash = asked.hash OFFSET 0) AS named WHERE ${condition}`;
const columns = `encode(t.key_hash, 'hex') AS "nameHash", t.kind, t.created_at AS "suppressedAt", t.erasure_id AS "erasureId"`;

// Two erased users may have shared an email: it is one suppression, as old as the newer of them, which is looked up for each: told NOT EXISTS, Postgres may compare each with all of the realm.
const list = sql(
  'suppressions.list',
  `SELECT ${columns} FROM tombstones t
   WHERE t.realm_id = $1 AND ${stands('t')} AND (t.created_at, t.key_hash) < (coalesce($2::timestamptz, 'infinity'), coalesce($3::bytea, ''))
     AND NOT coalesce((SELECT true FROM tombstones newer WHERE newer.realm_id = ${oneOf('$1::uuid')} AND newer.key_hash = t.key_hash AND ${stands('newer')} AND (newer.created_at, newer.user_id) > (t.created_at, t.user_id) LIMIT 1), false)
   ORDER BY t.created_at DESC, t.key_hash DESC LIMIT $4`,
);
const since = sql('suppressions.since', `SELECT min(named.created_at) AS since FROM unnest($2::bytea[]) AS asked (hash), LATERAL (SELECT created_at FROM tombstones WHERE realm_id = ${oneOf('$1::uuid')} AND key_hash = asked.hash AND lifted_at IS NULL OFFSET 0) AS named`);
const ofBearers = sql(
  'suppressions.of_bearers',
  `SELECT DISTINCT ON (t.key_hash) ${columns} FROM (SELECT DISTINCT user_id FROM (${bearers('$2::bytea[]', 'named.lifted_at IS NULL')}) AS bearing) AS bearer,
   LATERAL (SELECT * FROM tombstones WHERE realm_id = ${oneOf('$1::uuid')} AND user_id = bearer.user_id OFFSET 0) AS t WHERE ${stands('t')}
   ORDER BY t.key_hash, t.created_at DESC LIMIT 100`,
);
const lift = sql(
  'suppressions.lift',
  `UPDATE tombstones t SET lifted_at = now() FROM (
     SELECT s.key_hash, s.user_id FROM tombstones s
     WHERE s.realm_id = $1 AND ${stands('s')} AND s.user_id = ANY (ARRAY(${bearers('ARRAY[$2::bytea]', stands('named'))}))
     ORDER BY s.key_hash, s.user_id FOR UPDATE) AS found
   WHERE t.realm_id = $1 AND t.key_hash = found.key_hash AND t.user_id = found.user_id AND t.lifted_at IS NULL RETURNING t.user_id AS "userId", t.kind`,
);
// The user's own row is the last to go.
const remain = sql('suppressions.remain', 'SELECT true AS remain FROM users WHERE (realm_id = $1) IS TRUE AND user_id = ANY ($2::uuid[]) LIMIT 1');

type LiftedName = Pick<profiles.Suppression, 'kind'> & { userId: string };

/** The SQL of the suppression list, which is `tombstones` as administrators see it. */
@Injectable()
export class SuppressionsRepository {
  /** Newest first. */
  async list(on: Queryable, realmId: string, after: SuppressionPosition | undefined, limit: number): Promise<profiles.Suppression[]> {
    return on.query<profiles.Suppression>(list, [realmId, after?.suppressedAt ?? null, after === undefined ? null : Buffer.from(after.nameHash, 'hex'), limit]);
  }

  /** Since when one of the hashes lies under a tombstone, be it on a name or an id; null: none does. */
  async since(on: Queryable, realmId: string, hashes: readonly Buffer[]): Promise<string | null> {
    return (await on.query<{ since: string | null }>(since, [realmId, hashes]))[0]?.since ?? null;
  }

  /** All names that are suppressed of those who bore one of the hashes. */
  async ofBearers(on: Queryable, realmId: string, hashes: readonly Buffer[]): Promise<profiles.Suppression[]> {
    return on.query<profiles.Suppression>(ofBearers, [realmId, hashes]);
  }

  /** Lifts all names of those who bore this one. @returns what was lifted; nothing when none stands, or another was first */
  async lift(tx: Transaction, realmId: string, nameHash: Buffer): Promise<LiftedName[]> {
    return tx.query<LiftedName>(lift, [realmId, nameHash]);
  }

  /** Whether anything is left of one of the erased users. */
  async remain(on: Queryable, realmId: string, userIds: readonly string[]): Promise<boolean> {
    return (await on.query(remain, [realmId, userIds])).length > 0;
  }
}
