import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Tombstone } from './tombstone.entity.js';

const standing = sql(
  'tombstones.standing',
  `SELECT DISTINCT encode(stone.key_hash, 'hex') AS hash FROM unnest($2::bytea[]) AS asked (hash), LATERAL (
     SELECT key_hash FROM tombstones WHERE realm_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND key_hash = asked.hash AND lifted_at IS NULL LIMIT 1) AS stone`,
);
const lift = sql('tombstones.lift', 'UPDATE tombstones SET lifted_at = now() WHERE realm_id = ANY ($1::uuid[]) AND key_hash = ANY ($2::bytea[]) AND lifted_at IS NULL');
const ofErasure = sql(
  'tombstones.of_erasure',
  `SELECT encode(key_hash, 'hex') AS hash, user_id AS "userId" FROM tombstones
   WHERE realm_id = $1 AND key_hash = ANY ($2::bytea[]) AND erasure_id = $3 ORDER BY kind DESC, user_id DESC`,
);
const put = sql(
  'tombstones.put',
  `INSERT INTO tombstones (realm_id, key_hash, user_id, kind, erasure_id)
   SELECT $1, stone.key_hash, stone.user_id, stone.kind, $2 FROM unnest($3::bytea[], $4::uuid[], $5::text[]) AS stone (key_hash, user_id, kind)
   ON CONFLICT DO NOTHING`,
);

/** All SQL of `tombstones`, but for the look that an upsert takes at them (`readSurroundings`). */
@Injectable()
export class TombstonesRepository {
  /** Those of the hashes that somebody erased bore and nobody may bear again, in hexadecimal. */
  async standing(on: Queryable, realmIds: readonly string[], hashes: readonly Buffer[]): Promise<Set<string>> {
    if (hashes.length === 0) return new Set();
    return new Set((await on.query<{ hash: string }>(standing, [realmIds, hashes])).map(({ hash }) => hash));
  }

  async lift(tx: Transaction, realmIds: readonly string[], hashes: readonly Buffer[]): Promise<void> {
    if (hashes.length > 0) await tx.execute(lift, [realmIds, hashes]);
  }

  /** User ids by hash, of users that this erasure hid. */
  async ofErasure(on: Queryable, realmId: string, erasureId: string, hashes: readonly Buffer[]): Promise<Map<string, string>> {
    const rows = await on.query<{ hash: string; userId: string }>(ofErasure, [realmId, hashes, erasureId]);
    return new Map(rows.map(({ hash, userId }) => [hash, userId]));
  }

  async put(tx: Transaction, realmId: string, erasureId: string, stones: readonly Pick<Tombstone, 'keyHash' | 'userId' | 'kind'>[]): Promise<void> {
    await tx.execute(put, [realmId, erasureId, stones.map(({ keyHash }) => keyHash), stones.map(({ userId }) => userId), stones.map(({ kind }) => kind)]);
  }
}
