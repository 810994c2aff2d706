import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * What is stored of a random secret. A plain hash is enough for 128 bits or more from a CSPRNG: there is nothing to guess,
 * unlike with passwords.
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares in constant time. A stored null fits nothing, after the same work. */
export function secretFits(presented: string, storedHash: Buffer | null): boolean {
  const hash = hashSecret(presented);
  return timingSafeEqual(hash, storedHash ?? Buffer.alloc(hash.length)) && storedHash !== null;
}
