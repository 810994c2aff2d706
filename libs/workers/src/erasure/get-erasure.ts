import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ReceiptsRepository } from '../receipts/receipts.repository.js';
import { ErasurePartsRepository } from './erasure-parts.repository.js';
import { ErasuresRepository } from './erasures.repository.js';

@Injectable()
export class GetErasure {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly parts: ErasurePartsRepository,
    private readonly receipts: ReceiptsRepository,
  ) {}

  /** An erasure of another realm is as unknown as one that never was. */
  async get({ realmId, jobId }: RequestOf<typeof operations.getErasure>): Promise<ResponseOf<typeof operations.getErasure>> {
    const erasure = await this.erasures.get(this.database, jobId, realmId);
    if (erasure === undefined) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
    const [users, organisationIds, services] = await Promise.all([
      this.erasures.listUsers(this.database, erasure.realmId, jobId),
      this.erasures.listOrganisations(this.database, erasure),
      this.parts.list(this.database, erasure),
    ]);
    const receipt = await this.receipts.ofErasure(this.database, erasure.erasureId);
    const removal = receipt?.removalSequence == null ? undefined : await this.receipts.get(this.database, receipt.removalSequence);
    const { state, requestedAt, finishedAt } = erasure;
    return { jobId, realmId: erasure.realmId, organisationIds, state, users: users.length, requestedAt, finishedAt, services, receipt: receipt?.document ?? null, removal: removal?.document ?? null };
  }
}
