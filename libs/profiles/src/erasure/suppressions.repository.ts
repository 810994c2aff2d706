import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { SuppressionPosition } from './suppression-cursors.js';

// A suppression is a tombstone that stands on a name. Those on ids of users are none: an id is never given again, and a
// late repetition of the request that made the user finds it there.
const stands = (stone: string) => `${stone}.lifted_at IS NULL AND ${stone}.kind <> 'user-id'`;
const columns = `encode(t.key_hash, 'hex') AS "nameHash", t.kind, t.created_at AS "suppressedAt", t.erasure_id AS "erasureId"`;

// Two erased users may have shared an email: it is one suppression, as old as the newer of them.
const list = sql(
  'suppressions.list',
  `SELECT ${columns} FROM tombstones t
   WHERE t.realm_id = $1 AND ${stands('t')} AND ($2::timestamptz IS NULL OR (t.created_at, t.key_hash) < ($2::timestamptz, $3::bytea))
     AND NOT EXISTS (SELECT FROM tombstones newer WHERE newer.realm_id = t.realm_id AND newer.key_hash = t.key_hash AND ${stands('newer')} AND (newer.created_at, newer.user_id) > (t.created_at, t.user_id))
   ORDER BY t.created_at DESC, t.key_hash DESC LIMIT $4`,
);
const since = sql('suppressions.since', 'SELECT min(created_at) AS since FROM tombstones WHERE realm_id = $1 AND key_hash = ANY ($2::bytea[]) AND lifted_at IS NULL');
const ofBearers = sql(
  'suppressions.of_bearers',
  `SELECT DISTINCT ON (t.key_hash) ${columns} FROM tombstones t
   WHERE t.realm_id = $1 AND ${stands('t')} AND t.user_id IN (SELECT user_id FROM tombstones WHERE realm_id = $1 AND key_hash = ANY ($2::bytea[]) AND lifted_at IS NULL)
   ORDER BY t.key_hash, t.created_at DESC LIMIT 100`,
);
const lift = sql(
  'suppressions.lift',
  `UPDATE tombstones t SET lifted_at = now() FROM (
     SELECT s.key_hash, s.user_id FROM tombstones s
     WHERE s.realm_id = $1 AND ${stands('s')} AND s.user_id IN (SELECT named.user_id FROM tombstones named WHERE named.realm_id = $1 AND named.key_hash = $2 AND ${stands('named')})
     ORDER BY s.key_hash, s.user_id FOR UPDATE) AS found
   WHERE t.realm_id = $1 AND t.key_hash = found.key_hash AND t.user_id = found.user_id AND t.lifted_at IS NULL RETURNING t.user_id AS "userId", t.kind`,
);
// The user's own row is the last to go.
const remain = sql('suppressions.remain', 'SELECT true AS remain FROM users WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) LIMIT 1');

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
