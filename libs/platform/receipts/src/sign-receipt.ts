import { createHash, sign, type KeyObject } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { receiptFormat, type Receipt, type ReceiptContent } from './receipt.js';

/** Where in the chain a receipt comes. */
export interface ReceiptPlace {
  sequence: number;
  previous: string | null;
}

/** The bytes that are hashed and signed: canonical JSON without `hash` and `signature`. */
export function signedBytes(receipt: Readonly<Record<string, unknown>>): Buffer {
  const { hash: _hash, signature: _signature, ...said } = receipt;
  return Buffer.from(canonicalJson(said));
}

export function receiptHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** @returns the receipt, and its text: canonical JSON, which is what is kept, handed out and verified */
export function signReceipt(content: ReceiptContent, { sequence, previous }: ReceiptPlace, { kid, privateKey }: { kid: string; privateKey: KeyObject }): { receipt: Receipt; text: string } {
  const said = { ...content, format: receiptFormat, sequence, previous, kid } as const;
  const bytes = signedBytes(said);
  const receipt = { ...said, hash: receiptHash(bytes), signature: sign(null, bytes, privateKey).toString('base64url') } as Receipt;
  return { receipt, text: canonicalJson(receipt) };
}
