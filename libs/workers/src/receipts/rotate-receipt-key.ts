import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { ReceiptChain } from './receipt-chain.js';

@Injectable()
export class RotateReceiptKey {
  constructor(
    private readonly database: Database,
    private readonly chain: ReceiptChain,
  ) {}

  /** The new key signs what is issued from now on; earlier ones stay published. */
  async rotate({ actor }: RequestOf<typeof operations.rotateReceiptKey>, context: CallContext): Promise<ResponseOf<typeof operations.rotateReceiptKey>> {
    return this.database.withTransaction(async (tx) => {
      const made = await this.chain.rotate(tx);
      await auditTrail.append(tx, context, { actor, action: 'receipt-key.rotated', target: { type: 'receipt-key', id: made.kid } });
      return made;
    });
  }
}
