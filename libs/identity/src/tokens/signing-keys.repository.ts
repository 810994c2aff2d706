import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { SigningKeyRow } from './signing-key.entity.js';

export type NewSigningKey = Pick<SigningKeyRow, 'kid' | 'alg' | 'publicJwk' | 'sealedPrivateKey'>;

export type StoredSigningKey = NewSigningKey &
  Pick<SigningKeyRow, 'createdAt' | 'activeFrom'> & {
    /** Its time to sign has come, or has been. */
    isActive: boolean;
    ageSeconds: number;
  };

/** Any number that is ours in this database: one replica makes a key, the others wait for it. */
const keysLock = 7_245_101;

const lock = sql('signing_keys.lock', 'SELECT pg_advisory_xact_lock($1)');
const list = sql(
  'signing_keys.list',
  `SELECT kid, alg, public_jwk AS "publicJwk", sealed_private_key AS "sealedPrivateKey", created_at AS "createdAt", active_from AS "activeFrom",
          active_from <= clock_timestamp() AS "isActive", extract(epoch FROM clock_timestamp() - created_at)::float8 AS "ageSeconds"
   FROM signing_keys ORDER BY active_from DESC, kid DESC`,
);
const insert = sql('signing_keys.insert', `INSERT INTO signing_keys (kid, alg, public_jwk, sealed_private_key, active_from) VALUES ($1, $2, $3, $4, clock_timestamp() + $5::integer * interval '1 second')`);
const reseal = sql('signing_keys.reseal', 'UPDATE signing_keys SET sealed_private_key = $3 WHERE kid = $1 AND sealed_private_key = $2');
const remove = sql('signing_keys.remove', 'DELETE FROM signing_keys WHERE kid = $1');
const sweep = sql(
  'signing_keys.sweep',
  `DELETE FROM signing_keys old WHERE EXISTS (SELECT FROM signing_keys newer WHERE (newer.active_from, newer.kid) > (old.active_from, old.kid) AND newer.active_from < clock_timestamp() - $1::integer * interval '1 second')`,
);

/** All SQL of `signing_keys`. */
export const signingKeysRepository = {
  /** Until the transaction ends, nobody else makes or removes a key. */
  async lock(tx: Transaction): Promise<void> {
    await tx.query(lock, [keysLock]);
  },

  /** In the order in which they sign, the last first. */
  async list(on: Queryable): Promise<StoredSigningKey[]> {
    return on.query<StoredSigningKey>(list);
  },

  /** @param delay seconds until it signs */
  async insert(tx: Transaction, { kid, alg, publicJwk, sealedPrivateKey }: NewSigningKey, delay: number): Promise<void> {
    await tx.execute(insert, [kid, alg, JSON.stringify(publicJwk), sealedPrivateKey, delay]);
  },

  /** Puts another box in a box's place; does nothing where that was done meanwhile. */
  async reseal(on: Queryable, { kid, sealedPrivateKey }: NewSigningKey, sealed: Buffer): Promise<void> {
    await on.execute(reseal, [kid, sealedPrivateKey, sealed]);
  },

  async remove(tx: Transaction, kid: string): Promise<void> {
    await tx.execute(remove, [kid]);
  },

  /** Keys that stopped signing so long ago that everything they signed has expired. @param afterlife seconds */
  async sweep(on: Queryable, afterlife: number): Promise<number> {
    return on.execute(sweep, [afterlife]);
  },
};
