import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ReceiptsRepository } from '../receipts/receipts.repository.js';
import { ErasuresRepository } from './erasures.repository.js';

@Injectable()
export class GetErasure {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly receipts: ReceiptsRepository,
  ) {}

  /** An erasure of another realm is as unknown as one that never was. */
  async get({ realmId, jobId }: RequestOf<typeof operations.getErasure>): Promise<ResponseOf<typeof operations.getErasure>> {
    const erasure = await this.erasures.get(this.database, realmId, jobId);
    if (erasure === undefined) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
    const receipt = await this.receipts.ofErasure(this.database, erasure.erasureId);
    const removal = receipt?.removalSequence == null ? undefined : await this.receipts.get(this.database, receipt.removalSequence);
    return { jobId: erasure.erasureId, state: erasure.state, receipt: receipt?.document ?? null, removal: removal?.document ?? null };
  }
}
