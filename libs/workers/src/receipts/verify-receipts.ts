import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { ResponseOf } from '#libs/platform/messages';
import { ChainVerifier, VerificationKeys } from '#libs/platform/receipts';
import { ReceiptChain } from './receipt-chain.js';
import { ReceiptsRepository } from './receipts.repository.js';

const batch = 500;

@Injectable()
export class VerifyReceipts {
  constructor(
    private readonly database: Database,
    private readonly chain: ReceiptChain,
    private readonly receipts: ReceiptsRepository,
  ) {}

  /** Verifies every receipt, from the first on. A chain without one is valid. */
  async verify(): Promise<ResponseOf<typeof operations.verifyReceipts>> {
    const keys = await this.chain.published(this.database);
    if (keys.length === 0) return { valid: true, receipts: 0, first: null, last: null, lastHash: null, problem: null, at: null };
    const verifier = new ChainVerifier(VerificationKeys.of(keys.map((key) => ({ ...key }))));
    for (let after = 0, page = await this.receipts.walk(this.database, after, batch); page.length > 0; page = await this.receipts.walk(this.database, after, batch)) {
      for (const { document } of page) verifier.add(Buffer.from(document));
      after = page.at(-1)!.sequence;
      await new Promise(setImmediate); // others wait for this process too
    }
    const { problem, at, first, ...report } = verifier.end();
    if (problem === 'empty') return { ...report, valid: true, first, problem: null, at: null };
    // A chain whose beginning was taken away is one that can be verified, and not whole.
    if (report.valid && first !== 1) return { ...report, valid: false, first, problem: 'wrong-sequence', at: 1 };
    return { ...report, first, problem: problem ?? null, at: at ?? null };
  }
}
