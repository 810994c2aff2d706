import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

type Kind = 'ec' | 'ed25519' | 'ed448' | 'rsa' | 'rsa-pss';

const encoded = { publicKeyEncoding: { format: 'der', type: 'spki' }, privateKeyEncoding: { format: 'der', type: 'pkcs8' } } as const;

/** A new key pair that may be exported as JWK: see `signing-key.ts` of identity for what happens now and then to those that come from Node.js as key objects. */
export function testKeyPair(kind: Kind, options: { namedCurve?: string; modulusLength?: number; publicExponent?: number } = {}): { publicKey: KeyObject; privateKey: KeyObject } {
  const generate = generateKeyPairSync as unknown as (kind: Kind, options: object) => { publicKey: Buffer; privateKey: Buffer };
  const pair = generate(kind, { ...options, ...encoded });
  return { publicKey: createPublicKey({ key: pair.publicKey, format: 'der', type: 'spki' }), privateKey: createPrivateKey({ key: pair.privateKey, format: 'der', type: 'pkcs8' }) };
}
