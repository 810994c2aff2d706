import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { open, seal } from '#libs/platform/keys';
import type { NewSigningKey } from './signing-keys.repository.js';

/** `EdDSA` is Ed25519 (RFC 8037), `ES256` ECDSA on P-256 (RFC 7518). */
export type SigningAlgorithm = 'EdDSA' | 'ES256';

/** A key that tokens are signed with, ready for use. */
export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** A new key pair, its private half sealed. */
export async function makeSigningKey(alg: SigningAlgorithm, sealingKey: Buffer): Promise<NewSigningKey> {
  const kid = uuidv7();
  const { publicKey, privateKey } = alg === 'EdDSA' ? await generate('ed25519') : await generate('ec', { namedCurve: 'P-256' });
  const sealedPrivateKey = seal(sealingKey, privateKey.export({ format: 'der', type: 'pkcs8' }), kid);
  return { kid, alg, publicJwk: publicKey.export({ format: 'jwk' }) as Record<string, string>, sealedPrivateKey };
}

/** Null when it was sealed with another key. */
export function openSigningKey({ kid, alg, sealedPrivateKey }: NewSigningKey, sealingKey: Buffer): SigningKey | null {
  const der = open(sealingKey, sealedPrivateKey, kid);
  return der === null ? null : { kid, alg, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}
