import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { NudgedWork } from '#libs/platform/upkeep';
import { webhookNotFound } from './change-webhooks.js';
import { RemovedWebhooksRepository } from './removed-webhooks.repository.js';

/** Deliveries of one statement, each with its attempts: a busy webhook has millions, and nobody waits for so long. */
const deliveriesAtOnce = 1_000;

/** Removes webhooks. They are gone for everybody with the commit; what they delivered follows. */
@Injectable()
export class RemoveWebhooks implements BeforeApplicationShutdown {
  private readonly work: NudgedWork;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly removed: RemovedWebhooksRepository,
    logger: Logger,
  ) {
    this.work = new NudgedWork(() => this.finish(), (error) => logger.warn({ err: error }, 'what removed webhooks have delivered could not be deleted, trying again'));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.work.stop();
  }

  /** @throws Failure `webhook-not-found` */
  async remove({ projectId, webhookId, actor }: RequestOf<typeof operations.removeWebhook>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.removed.remove(tx, { projectId, webhookId }))) throw webhookNotFound();
      await auditTrail.append(tx, context, { actor, action: 'webhook.removed', target: { type: 'webhook', id: webhookId }, projectId, before: ['url', 'description', 'types', 'secret'] });
      tx.afterCommit(() => this.work.nudge());
    });
  }

  /** Those of a project that was deleted. */
  async removeAll(tx: Transaction, projectId: string): Promise<void> {
    await this.removed.removeAll(tx, projectId);
    tx.afterCommit(() => this.work.nudge());
  }

  /** Deletes what removed webhooks have delivered, until nothing is left. Any number of processes may do so at once. @returns how many deliveries went */
  async finish(signal?: AbortSignal): Promise<{ removed: number }> {
    let removed = 0;
    for (let webhook = await this.removed.oldest(this.database); webhook !== undefined && !this.stopping; webhook = await this.removed.oldest(this.database)) {
      signal?.throwIfAborted();
      const deleted = await this.removed.deleteDeliveries(this.database, webhook, deliveriesAtOnce);
      if (deleted < deliveriesAtOnce) await this.removed.deleteRow(this.database, webhook);
      removed += deleted;
    }
    return { removed };
  }
}
