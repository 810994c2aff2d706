import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ReceiptsRepository } from './receipts.repository.js';

/** Hands receipts out, as they are kept. */
@Injectable()
export class ListReceipts {
  constructor(
    private readonly database: Database,
    private readonly receipts: ReceiptsRepository,
  ) {}

  async list({ realmId, organisationId, kind, before, limit }: RequestOf<typeof operations.listReceipts>): Promise<ResponseOf<typeof operations.listReceipts>> {
    const found = await this.receipts.list(this.database, { realmId, organisationId, kind }, before, limit + 1);
    const page = found.slice(0, limit);
    return { receipts: page.map(({ document }) => document), nextBefore: found.length > limit ? page.at(-1)!.sequence : null };
  }

  async walk({ after, limit }: RequestOf<typeof operations.walkReceipts>): Promise<ResponseOf<typeof operations.walkReceipts>> {
    const found = await this.receipts.walk(this.database, after, limit);
    return { receipts: found.map(({ document }) => document), lastSequence: found.at(-1)?.sequence ?? null };
  }

  /** @throws Failure `receipt-not-found` */
  async get({ sequence }: RequestOf<typeof operations.getReceipt>): Promise<ResponseOf<typeof operations.getReceipt>> {
    const found = await this.receipts.get(this.database, sequence);
    if (found === undefined) throw operations.operationsErrors.failure('receipt-not-found', 'There is no such receipt.');
    return { receipt: found.document };
  }
}
