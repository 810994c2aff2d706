import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A public key as it is published (RFC 7517, RFC 8037). */
export interface PublicReceiptKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
}

/** A private Ed25519 key of 32 bytes is wrapped for Node by this head (PKCS #8, RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key pair with this id: made from the deployment's secret each time, so that no private key is stored. Another secret is
 * another pair, whose public key is not the one that was published under the id.
 */
export function receiptKey(secret: Uint8Array | string, kid: string): { privateKey: KeyObject; publicKey: PublicReceiptKey } {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', `rollcall receipt key ${kid}`, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicKey: { kty: 'OKP', crv: 'Ed25519', x: x!, kid, alg: 'EdDSA', use: 'sig' } };
}
