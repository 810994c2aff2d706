import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { open, seal } from '../keys/sealed-box.js';
import type { StoredSigningKey } from './signing-keys.repository.js';

/** A key that tokens are signed with, ready for use. */
export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** A new Ed25519 key pair (RFC 8037), its private half sealed. */
export async function makeSigningKey(sealingKey: Buffer): Promise<StoredSigningKey> {
  const kid = uuidv7();
  const { publicKey, privateKey } = await generate('ed25519');
  const sealedPrivateKey = seal(sealingKey, privateKey.export({ format: 'der', type: 'pkcs8' }), kid);
  return { kid, alg: 'EdDSA', publicJwk: publicKey.export({ format: 'jwk' }) as Record<string, string>, sealedPrivateKey };
}

/** Null when it was sealed with another key. */
export function openSigningKey({ kid, alg, sealedPrivateKey }: StoredSigningKey, sealingKey: Buffer): SigningKey | null {
  const der = open(sealingKey, sealedPrivateKey, kid);
  return der === null ? null : { kid, alg, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}
