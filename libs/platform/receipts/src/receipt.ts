import { z } from 'zod';

/** What this version of Rollcall writes and verifies. A change of the meaning of a field is another format. */
export const receiptFormat = 'rollcall-receipt/1';

const id = z.uuid();
const time = z.iso.datetime();
const counts = z.record(z.string(), z.number().int().nonnegative());
/** SHA-256 of the canonical JSON of a receipt without `hash` and `signature`, base64url. */
const hash = z.string().regex(/^[\w-]{43}$/);

const common = {
  format: z.literal(receiptFormat),
  /** 1, 2, 3 …: one chain for the deployment, without gaps. */
  sequence: z.number().int().positive(),
  /** `hash` of the receipt before; null for the first. */
  previous: hash.nullable(),
  /** Which of the deployment's receipt keys signed. */
  kid: id,
  hash,
  /** Ed25519 (RFC 8032) over the same bytes that were hashed, base64url. */
  signature: z.string().regex(/^[\w-]{86}$/),
};

/** Users were erased: from this moment no service holds a row about them. */
export const erasureReceipt = z.object({
  ...common,
  kind: z.literal('erasure'),
  erasure_id: id,
  project_id: id,
  requested_by: z.object({ type: z.string(), id: z.string() }),
  requested_at: time,
  finished_at: time,
  /** How many they were. */
  users: z.number().int(),
  /** Each by a hash under a key of the deployment, sorted. The audit trail calls them the same. */
  user_hashes: z.array(z.string()),
  /** By service: rows erased, and rows that a second look found, which are all zero. */
  services: z.record(z.string(), z.object({ erased: counts, remains: counts })),
  left: z.object({
    /** When the bytes are to be gone from the database's files; a receipt of the kind `removal` confirms it. */
    bytes_until: time,
    /** When the last backup with the users in it is to be gone, as the operator states it (`BACKUP_RETENTION`); null: not stated. */
    backups_until: time.nullable(),
  }),
});

/** What became of one table or partition: written anew without dead rows, not touched since the last time, or why neither. */
const tableRemoval = z.enum(['rewritten', 'unchanged', 'too-large', 'busy', 'not-permitted']);

/** The bytes of erased users were removed from the databases' files, or what of it could not be done. */
export const removalReceipt = z.object({
  ...common,
  kind: z.literal('removal'),
  /** Sequences of the receipts of erasures that it confirms. */
  erasures: z.array(z.number().int().positive()),
  began_at: time,
  finished_at: time,
  /** Whether everything was done: false when anything below says otherwise. */
  complete: z.boolean(),
  services: z.record(z.string(), z.record(z.string(), tableRemoval)),
  write_ahead_log: z.enum(['removed', 'recycled', 'archived', 'kept-for-replicas', 'not-permitted']),
  left: z.object({ backups_until: time.nullable() }),
});

export const receipt = z.discriminatedUnion('kind', [erasureReceipt, removalReceipt]);

export type ErasureReceipt = z.output<typeof erasureReceipt>;
export type RemovalReceipt = z.output<typeof removalReceipt>;
export type Receipt = z.output<typeof receipt>;

type Unchained<R> = R extends Receipt ? Omit<R, 'format' | 'sequence' | 'previous' | 'kid' | 'hash' | 'signature'> : never;
/** What is said in a receipt, before it has its place in the chain. */
export type ReceiptContent = Unchained<Receipt>;
