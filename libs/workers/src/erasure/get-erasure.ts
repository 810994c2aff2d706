import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ErasuresRepository } from './erasures.repository.js';

@Injectable()
export class GetErasure {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
  ) {}

  /** An erasure of another realm is as unknown as one that never was. */
  async get({ realmId, jobId }: RequestOf<typeof operations.getErasure>): Promise<ResponseOf<typeof operations.getErasure>> {
    const erasure = await this.erasures.get(this.database, realmId, jobId);
    if (erasure === undefined) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
    return { jobId: erasure.erasureId, state: erasure.state, receipt: erasure.receipt };
  }
}
