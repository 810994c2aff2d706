import { verify } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { receipt as receiptSchema, receiptFormat, type Receipt } from './receipt.js';
import { receiptHash, signedBytes } from './sign-receipt.js';
import type { VerificationKeys } from './verification-keys.js';

export type Problem =
  | 'not-utf8'
  | 'not-json'
  | 'not-canonical'
  | 'unknown-format'
  | 'not-a-receipt'
  | 'wrong-hash'
  | 'unknown-key'
  | 'wrong-signature'
  | 'wrong-sequence'
  | 'wrong-previous'
  | 'wrong-end'
  | 'empty';

/** What each of them says to a person. */
export const problemTexts: Readonly<Record<Problem, string>> = {
  'not-utf8': 'it is not UTF-8 text',
  'not-json': 'it is not JSON',
  'not-canonical': 'its bytes are not the canonical form (RFC 8785) in which receipts are handed out',
  'unknown-format': `its format is not ${receiptFormat}`,
  'not-a-receipt': 'a field of it is missing or is not what it should be',
  'wrong-hash': 'its hash does not fit its content',
  'unknown-key': 'none of the public keys has its key id',
  'wrong-signature': 'its signature does not fit its content',
  'wrong-sequence': 'its sequence does not follow that of the receipt before',
  'wrong-previous': 'it does not name the hash of the receipt before',
  'wrong-end': 'it is not the receipt that the chain should end with',
  empty: 'there is no receipt in it',
};

export type Verification = { readonly valid: true; readonly receipt: Receipt } | { readonly valid: false; readonly problem: Problem };

export interface VerificationOptions {
  /** Accepts other white space and another order of keys, of a receipt that went through a program. What it says is verified all the same. */
  reformatted?: boolean;
}

/** Verifies the bytes of one receipt, without the line feed that may end a file. Every byte counts. */
export function verifyReceipt(bytes: Uint8Array, keys: VerificationKeys, { reformatted = false }: VerificationOptions = {}): Verification {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { valid: false, problem: 'not-utf8' };
  }
  let value: unknown;
  let canonical: string;
  try {
    value = JSON.parse(text);
    canonical = canonicalJson(value);
  } catch {
    return { valid: false, problem: 'not-json' };
  }
  if (!reformatted && canonical !== text) return { valid: false, problem: 'not-canonical' };
  return verifyValue(value, keys);
}

function verifyValue(value: unknown, keys: VerificationKeys): Verification {
  if ((value as { format?: unknown } | null)?.format !== receiptFormat) return { valid: false, problem: 'unknown-format' };
  const parsed = receiptSchema.safeParse(value);
  if (!parsed.success) return { valid: false, problem: 'not-a-receipt' };
  const { hash, signature, kid } = parsed.data;
  // Of the value as it came: a field that this version does not know was signed too.
  const bytes = signedBytes(value as Record<string, unknown>);
  if (receiptHash(bytes) !== hash) return { valid: false, problem: 'wrong-hash' };
  const candidates = keys.for(kid);
  if (candidates.length === 0) return { valid: false, problem: 'unknown-key' };
  const signatureBytes = Buffer.from(signature, 'base64url');
  // The last character of base64 has bits that decode to nothing: only one way to write a signature is right.
  const fits = signatureBytes.toString('base64url') === signature && candidates.some((key) => verify(null, bytes, key, signatureBytes));
  return fits ? { valid: true, receipt: parsed.data } : { valid: false, problem: 'wrong-signature' };
}
