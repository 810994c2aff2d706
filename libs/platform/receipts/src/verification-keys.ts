import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const jwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string().optional() });
const jwks = z.object({ keys: z.array(z.unknown()) });

/** Public keys that receipts are verified with. One without an id (a PEM file) is tried whatever id a receipt names. */
export class VerificationKeys {
  private constructor(private readonly keys: readonly { kid: string | undefined; key: KeyObject }[]) {}

  /**
   * @param text a PEM public key, a JWK, or a JWK set; members of a set that are no Ed25519 keys are left out
   * @throws Error, one sentence, when there is no Ed25519 key in it
   */
  static parse(text: string): VerificationKeys {
    const keys = text.trimStart().startsWith('-----BEGIN') ? [{ kid: undefined, key: pem(text) }] : members(text);
    if (keys.length === 0) throw new Error('There is no Ed25519 public key in it.');
    return new VerificationKeys(keys);
  }

  static of(keys: readonly Record<string, unknown>[]): VerificationKeys {
    return VerificationKeys.parse(JSON.stringify({ keys }));
  }

  /** Those that may have signed as `kid`. */
  for(kid: string): KeyObject[] {
    return this.keys.filter((one) => one.kid === undefined || one.kid === kid).map(({ key }) => key);
  }
}

function pem(text: string): KeyObject {
  if (text.includes('PRIVATE KEY')) throw new Error('This is a private key: give the public one.');
  const key = readable(() => createPublicKey(text));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('There is no Ed25519 public key in it.');
  return key;
}

function members(text: string): { kid: string | undefined; key: KeyObject }[] {
  const value = readable(() => JSON.parse(text) as unknown);
  const set = jwks.safeParse(value);
  return (set.success ? set.data.keys : [value]).flatMap((member) => {
    const parsed = jwk.safeParse(member);
    if (!parsed.success) return [];
    const { kid, kty, crv, x } = parsed.data;
    return [{ kid, key: readable(() => createPublicKey({ key: { kty, crv, x }, format: 'jwk' })) }];
  });
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Error('It is neither a PEM public key nor a JSON Web Key (set).');
  }
}
