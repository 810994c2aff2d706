import { Injectable } from '@nestjs/common';
import { identity, membership } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ErasureQueue } from './erasure-queue.js';
import { ErasurePartsRepository } from './erasure-parts.repository.js';
import { ErasuresRepository, type ErasureOrder } from './erasures.repository.js';

/**
 * What follows once profiles has hidden users: the other services hide them, the erasure is recorded, a job is made of it.
 * Both ways to an erasure end here, the request and the event that repeats it, and either may come first or alone: every
 * step does nothing where the other way has been.
 */
@Injectable()
export class ScheduleErasure {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly erasures: ErasuresRepository,
    private readonly parts: ErasurePartsRepository,
    private readonly queue: ErasureQueue,
  ) {}

  /**
   * @param commit runs the recording in a transaction; the event's way adds its inbox row there
   * @throws Failure `service-unavailable`, with nothing recorded
   */
  async schedule(order: Omit<ErasureOrder, 'organisationIds'>, context: CallContext, commit = (work: (tx: Transaction) => Promise<void>) => this.database.withTransaction(work)): Promise<void> {
    const users = { realmId: order.realmId, userIds: [...order.userIds] };
    // Before the row, so that a row always means: hidden everywhere. What is only half hidden has no row, and the event of
    // profiles' commit brings it here until it has one.
    const [, { organisationIds }] = await Promise.all([this.rpc.call(identity.hideLogins, users, context), this.rpc.call(membership.hideMembers, users, context)]);
    await commit(async (tx) => {
      await this.erasures.insert(tx, { ...order, organisationIds });
      await this.parts.insert(tx, order);
    });
    // After the row, so that a job always finds it. If we die here, the sweep makes the job.
    await this.queue.add(order);
  }
}
