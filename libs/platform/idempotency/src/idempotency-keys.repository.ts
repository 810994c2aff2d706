import { sql, type Database, type Queryable, type Transaction } from '#libs/platform/database';

/** Hours for which a key counts. */
const idempotencyHours = 24;

/** Ids by which an answer can be made again; never a value that somebody sent. */
export type Reference = Readonly<Record<string, string | boolean | readonly string[] | null>>;

/** A key as its row has it. */
export interface StoredKey {
  readonly scopeId: string;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
}

export interface ClaimedKey {
  /** From 0, as they were asked for. */
  place: number;
  /** No other transaction is at work under the key. */
  alone: boolean;
  /** The row is this transaction's. */
  fresh: boolean;
}

// Nobody waits: whoever holds the lock is at work under the key, and is done with it when the lock is gone. The insert
// looks at the table as it is then, not as it was when the statement began.
const claim = sql(
  'idempotency_keys.claim',
  `WITH wanted AS MATERIALIZED (
     SELECT key.*, pg_try_advisory_xact_lock(hashtextextended(encode(key.key_hash, 'hex'), 0)) AS alone
     FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) WITH ORDINALITY AS key (scope_id, key_hash, request_hash, place)
   ), claimed AS (
     INSERT INTO idempotency_keys AS kept (scope_id, key_hash, request_hash)
     SELECT scope_id, key_hash, request_hash FROM wanted WHERE alone
     ON CONFLICT (scope_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, reference = NULL, claimed_at = now()
     WHERE kept.claimed_at <= now() - interval '${idempotencyHours} hours'
     RETURNING scope_id, key_hash
   )
   SELECT wanted.place - 1 AS place, wanted.alone, claimed.key_hash IS NOT NULL AS fresh FROM wanted LEFT JOIN claimed USING (scope_id, key_hash)`,
);
const find = sql(
  'idempotency_keys.find',
  `SELECT kept.key_hash AS "keyHash", kept.request_hash AS "requestHash", kept.reference, kept.claimed_at <= now() - interval '${idempotencyHours} hours' AS "isOver"
   FROM unnest($1::uuid[], $2::bytea[]) AS key (scope_id, key_hash) JOIN idempotency_keys kept USING (scope_id, key_hash)`,
);
const refer = sql(
  'idempotency_keys.refer',
  `UPDATE idempotency_keys kept SET reference = key.reference::jsonb
   FROM unnest($1::uuid[], $2::bytea[], $3::text[]) AS key (scope_id, key_hash, reference) WHERE kept.scope_id = key.scope_id AND kept.key_hash = key.key_hash`,
);
const release = sql('idempotency_keys.release', 'DELETE FROM idempotency_keys kept USING unnest($1::uuid[], $2::bytea[]) AS key (scope_id, key_hash) WHERE kept.scope_id = key.scope_id AND kept.key_hash = key.key_hash');
const trim = sql(
  'idempotency_keys.trim',
  `DELETE FROM idempotency_keys WHERE (scope_id, key_hash) IN (
     SELECT scope_id, key_hash FROM idempotency_keys WHERE claimed_at <= now() - interval '${idempotencyHours} hours' ORDER BY claimed_at LIMIT $1)`,
);

const scopes = (keys: readonly StoredKey[]) => keys.map(({ scopeId }) => scopeId);
const hashes = (keys: readonly StoredKey[]) => keys.map(({ keyHash }) => keyHash);

/** All SQL of `idempotency_keys`. */
export const idempotencyKeysRepository = {
  /** @param keys no two alike */
  async claim(tx: Transaction, keys: readonly StoredKey[]): Promise<ClaimedKey[]> {
    return tx.query<ClaimedKey>(claim, [scopes(keys), hashes(keys), keys.map(({ requestHash }) => requestHash)]);
  },

  async find(on: Queryable, keys: readonly StoredKey[]): Promise<{ keyHash: Buffer; requestHash: Buffer; reference: Reference | null; isOver: boolean }[]> {
    return on.query(find, [scopes(keys), hashes(keys)]);
  },

  async refer(tx: Transaction, referring: readonly { key: StoredKey; reference: Reference }[]): Promise<void> {
    const keys = referring.map(({ key }) => key);
    tx.send(refer, [scopes(keys), hashes(keys), referring.map(({ reference }) => JSON.stringify(reference))]);
  },

  async release(tx: Transaction, keys: readonly StoredKey[]): Promise<void> {
    tx.send(release, [scopes(keys), hashes(keys)]);
  },

  /** @returns how many of at most `limit` keys that count no more were deleted */
  async trim(database: Database, limit: number): Promise<number> {
    return database.execute(trim, [limit]);
  },
};
