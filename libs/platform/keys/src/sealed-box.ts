import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Leading byte of what `seal` makes, so that another cipher can be told apart one day. */
const version = 1;
const ivBytes = 12;
const tagBytes = 16;

/** A 256-bit key for one purpose, from a secret of at least 256 bits (HKDF-SHA256, RFC 5869). */
export function deriveKey(secret: Uint8Array | string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `rollcall ${purpose}`, 32));
}

/**
 * Encrypts with AES-256-GCM: version, iv, tag, cipher text.
 * @param context what the box is for; opening it for anything else fails, so that boxes can't be swapped in the database
 */
export function seal(key: Buffer, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), body]);
}

/** What was sealed; null when the key or the context is another, or the box was tampered with. */
export function open(key: Buffer, box: Buffer, context: string): Buffer | null {
  if (box[0] !== version || box.length < 1 + ivBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(1, 1 + ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(box.subarray(1 + ivBytes, 1 + ivBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(box.subarray(1 + ivBytes + tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}
