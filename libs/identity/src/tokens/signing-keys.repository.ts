import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { SigningKeyRow } from './signing-key.entity.js';

export type StoredSigningKey = Pick<SigningKeyRow, 'kid' | 'alg' | 'publicJwk' | 'sealedPrivateKey'>;

/** Any number that is ours in this database: one replica makes the first key, the others wait for it. */
const firstKeyLock = 7_245_101;

const lock = sql('signing_keys.lock', 'SELECT pg_advisory_xact_lock($1)');
const list = sql('signing_keys.list', 'SELECT kid, alg, public_jwk AS "publicJwk", sealed_private_key AS "sealedPrivateKey" FROM signing_keys ORDER BY kid DESC');
const insert = sql('signing_keys.insert', 'INSERT INTO signing_keys (kid, alg, public_jwk, sealed_private_key) VALUES ($1, $2, $3, $4)');

/** All SQL of `signing_keys`. */
export const signingKeysRepository = {
  /** Until the transaction ends, nobody else makes a key. */
  async lock(tx: Transaction): Promise<void> {
    await tx.query(lock, [firstKeyLock]);
  },

  /** Newest first. */
  async list(on: Queryable): Promise<StoredSigningKey[]> {
    return on.query<StoredSigningKey>(list);
  },

  async insert(tx: Transaction, { kid, alg, publicJwk, sealedPrivateKey }: StoredSigningKey): Promise<void> {
    await tx.execute(insert, [kid, alg, JSON.stringify(publicJwk), sealedPrivateKey]);
  },
};
