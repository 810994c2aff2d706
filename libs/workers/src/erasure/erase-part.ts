import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { ErasureHolders } from './erasure-holders.js';
import { ErasurePartsRepository } from './erasure-parts.repository.js';
import { ErasuresRepository, type ErasureKey } from './erasures.repository.js';

/** What an erasure does in one service. */
@Injectable()
export class ErasePart {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly parts: ErasurePartsRepository,
    private readonly holders: ErasureHolders,
  ) {}

  /**
   * One attempt; may be repeated, also beside itself. Does nothing when it is done.
   * @throws when the service is out of reach
   */
  async attempt(erasure: ErasureKey, service: operations.ErasureService, context: CallContext): Promise<void> {
    const requestedAt = await this.parts.begin(this.database, erasure, service);
    if (requestedAt === undefined) return;
    const users = { realmId: erasure.realmId, requestedAt, userIds: await this.erasures.listUsers(this.database, erasure.realmId, erasure.erasureId) };
    // Counts are kept as they come, and added up: an attempt after a failed one finds less to erase than there was.
    const pieces = await Promise.allSettled(this.holders.erase(service, users, context).map(async (erased) => this.erasures.addCounts(this.database, erasure, service, await erased)));
    const failed = pieces.find((piece) => piece.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await this.parts.finish(this.database, erasure, service);
  }
}
