import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';

/** A signed receipt as canonical JSON, whose every byte counts: handed on as text. Its shape is in `platform/receipts`. */
export const receiptText = z.string();

const sequence = z.number().int().positive();

/** Receipts, newest first. With a realm: of the erasures of its users; with an organisation: of its staff. */
export const listReceipts = defineMessage({
  subject: 'operations.receipt.list',
  request: z.object({ realmId: realmId.optional(), organisationId: id.optional(), kind: z.enum(['erasure', 'removal']).optional(), before: sequence.optional(), limit: z.number().int().min(1).max(1_000) }),
  response: z.object({ receipts: z.array(receiptText), nextBefore: sequence.nullable() }),
});

/** Receipts in the order of the chain, from the one after `after`. */
export const walkReceipts = defineMessage({
  subject: 'operations.receipt.walk',
  request: z.object({ after: z.number().int().nonnegative(), limit: z.number().int().min(1).max(1_000) }),
  response: z.object({ receipts: z.array(receiptText), lastSequence: sequence.nullable() }),
});

export const getReceipt = defineMessage({
  subject: 'operations.receipt.get',
  request: z.object({ sequence }),
  response: z.object({ receipt: receiptText }),
  errors: ['receipt-not-found'],
});

/** Verifies all receipts as anybody can who has them and the public keys. */
export const verifyReceipts = defineMessage({
  subject: 'operations.receipt.verify',
  request: z.object({}),
  /** `at`: place of the first receipt that is wrong, from 1; `lastHash` is that of the last right one. */
  response: z.object({ valid: z.boolean(), receipts: z.number().int(), first: sequence.nullable(), last: sequence.nullable(), lastHash: z.string().nullable(), problem: z.string().nullable(), at: sequence.nullable() }),
  deadlineMs: 60_000,
});

/** Every public key that receipts were ever signed with, newest first (RFC 7517, RFC 8037). */
export const listReceiptKeys = defineMessage({
  subject: 'operations.receipt-key.list',
  request: z.object({}),
  response: z.object({ keys: z.array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: id, alg: z.literal('EdDSA'), use: z.literal('sig') })) }),
});

/** Makes a key that signs receipts from now on. Earlier ones stay published. */
export const rotateReceiptKey = defineMessage({
  subject: 'operations.receipt-key.rotate',
  request: z.object({ actor }),
  response: z.object({ kid: id, createdAt: timestamp }),
});
