import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { seal } from '#libs/platform/keys';
import type { NewSigningKey } from './signing-keys.repository.js';

/** `EdDSA` is Ed25519 (RFC 8037), `ES256` ECDSA on P-256 (RFC 7518). */
export type SigningAlgorithm = 'EdDSA' | 'ES256';

/** A key that tokens are signed with, ready for use. */
export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: KeyObject;
}

/**
 * Encoded, not as key objects: the job that made those shares their lock until it is collected, and a collection that comes while one of them is
 * exported as a JWK, which holds the lock and allocates, stops the process for good (seen in Node.js 20).
 */
function generate(alg: SigningAlgorithm): Promise<{ publicKey: Buffer; privateKey: Buffer }> {
  const encoded = { publicKeyEncoding: { format: 'der', type: 'spki' }, privateKeyEncoding: { format: 'der', type: 'pkcs8' } } as const;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: Buffer, privateKey: Buffer) => (error === null ? resolve({ publicKey, privateKey }) : reject(error));
    if (alg === 'EdDSA') generateKeyPair('ed25519', encoded, done);
    else generateKeyPair('ec', { namedCurve: 'P-256', ...encoded }, done);
  });
}

/** A new key pair, its private half sealed. */
export async function makeSigningKey(alg: SigningAlgorithm, sealingKey: Buffer): Promise<NewSigningKey> {
  const kid = uuidv7();
  const { publicKey, privateKey } = await generate(alg);
  const publicJwk = createPublicKey({ key: publicKey, format: 'der', type: 'spki' }).export({ format: 'jwk' }) as Record<string, string>;
  return { kid, alg, publicJwk, sealedPrivateKey: seal(sealingKey, privateKey, kid) };
}

/** Null when the box does not open. */
export function openSigningKey({ kid, alg, sealedPrivateKey }: NewSigningKey, openBox: (box: Buffer, context: string) => Buffer | null): SigningKey | null {
  const der = openBox(sealedPrivateKey, kid);
  return der === null ? null : { kid, alg, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}
