import type { Receipt } from './receipt.js';
import type { Problem, VerificationOptions } from './verify-receipt.js';
import { verifyReceipt } from './verify-receipt.js';
import type { VerificationKeys } from './verification-keys.js';

/** How far a chain is right. `at` is the place of the first wrong receipt, from 1. */
export interface ChainReport {
  valid: boolean;
  receipts: number;
  /** Sequences; null when there is none. A chain that does not begin with 1 is a part of one. */
  first: number | null;
  last: number | null;
  /** Hash of the last. Who has it from elsewhere knows that nothing was cut off at the end. */
  lastHash: string | null;
  problem?: Problem;
  at?: number;
}

/** Verifies receipts in their order, as many as there are, one at a time. */
export class ChainVerifier {
  private report: ChainReport = { valid: true, receipts: 0, first: null, last: null, lastHash: null };

  constructor(
    private readonly keys: VerificationKeys,
    private readonly options: VerificationOptions = {},
  ) {}

  /** @returns the receipt, unless it or one before it is wrong */
  add(bytes: Uint8Array): Receipt | undefined {
    if (!this.report.valid) return undefined;
    const verified = verifyReceipt(bytes, this.keys, this.options);
    if (!verified.valid) return this.fail(verified.problem);
    const { sequence, previous, hash } = verified.receipt;
    const { last, lastHash, first, receipts } = this.report;
    if (last === null ? (sequence === 1) !== (previous === null) : sequence !== last + 1) return this.fail('wrong-sequence');
    if (last !== null && previous !== lastHash) return this.fail('wrong-previous');
    this.report = { valid: true, receipts: receipts + 1, first: first ?? sequence, last: sequence, lastHash: hash };
    return verified.receipt;
  }

  /** @param endsWith the hash that the last receipt must have */
  end(endsWith?: string): ChainReport {
    if (this.report.valid && this.report.receipts === 0) this.fail('empty');
    else if (this.report.valid && endsWith !== undefined && this.report.lastHash !== endsWith) this.report = { ...this.report, valid: false, problem: 'wrong-end', at: this.report.receipts };
    return this.report;
  }

  private fail(problem: Problem): undefined {
    this.report = { ...this.report, valid: false, problem, at: this.report.receipts + 1 };
    return undefined;
  }
}

/** Verifies a file: one receipt, or one a line (NDJSON). Only a single line feed may end it. */
export function verifyChain(file: Uint8Array, keys: VerificationKeys, { endsWith, ...options }: VerificationOptions & { endsWith?: string | undefined } = {}): ChainReport {
  const chain = new ChainVerifier(keys, options);
  const lineFeed = 0x0a;
  const end = file.at(-1) === lineFeed ? file.length - 1 : file.length;
  if (options.reformatted && isOneValue(file)) chain.add(file);
  else if (end > 0) {
    for (let start = 0; start <= end; ) {
      const found = file.subarray(0, end).indexOf(lineFeed, start);
      const stop = found === -1 ? end : found;
      chain.add(file.subarray(start, stop));
      start = stop + 1;
    }
  }
  return chain.end(endsWith);
}

/** A receipt that a program has spread over lines. */
function isOneValue(file: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(file).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
