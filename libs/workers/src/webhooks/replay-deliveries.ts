import { Inject, Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { webhookNotFound } from './change-webhooks.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { WebhookQueue } from './webhook-queue.js';
import { webhooksConfig } from './webhooks.config.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Of one question: more is asked for in parts. */
const mostAtOnce = 50_000;

/** Has events sent again, or events that were never sent. Those about one user keep their order. */
@Injectable()
export class ReplayDeliveries {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly queue: WebhookQueue,
    @Inject(webhooksConfig.token) private readonly config: ConfigValues<typeof webhooksConfig>,
  ) {}

  async one({ projectId, webhookId, deliveryId, actor }: RequestOf<typeof operations.replayDelivery>, context: CallContext): Promise<operations.WebhookDelivery> {
    const webhook = { projectId, webhookId };
    const delivery = await this.database.withTransaction(async (tx) => {
      if ((await this.webhooks.lock(tx, webhook)) === undefined) throw webhookNotFound();
      const replayed = await this.deliveries.replay(tx, webhook, deliveryId, this.config.WEBHOOK_RETRY_FOR);
      if (replayed === undefined) throw operations.operationsErrors.failure('delivery-not-found', 'There is no such delivery.');
      await auditTrail.append(tx, context, { actor, action: 'webhook.delivery-replayed', target: { type: 'webhook', id: webhookId }, projectId, after: [`delivery:${deliveryId}`] });
      return replayed;
    });
    await this.queue.add([webhook], context.requestId);
    return delivery;
  }

  /** @returns how many wait now that did not before */
  async since({ projectId, webhookId, onlyFailed, actor, ...span }: RequestOf<typeof operations.replayDeliveries>, context: CallContext): Promise<number> {
    const webhook = { projectId, webhookId };
    const queued = await this.database.withTransaction(async (tx) => {
      if ((await this.webhooks.lock(tx, webhook)) === undefined) throw webhookNotFound();
      if ((await this.deliveries.countWanted(tx, webhook, span, mostAtOnce + 1)) > mostAtOnce) {
        throw operations.operationsErrors.failure('replay-too-large', `More than ${mostAtOnce} events are of this time: ask for a part of it by \`from\` and \`to\`.`);
      }
      const replay = onlyFailed ? this.deliveries.replayFailed(tx, webhook, span, this.config.WEBHOOK_RETRY_FOR) : this.deliveries.replayAll(tx, webhook, span, this.config.WEBHOOK_RETRY_FOR);
      const count = await replay;
      await auditTrail.append(tx, context, { actor, action: 'webhook.replayed', target: { type: 'webhook', id: webhookId }, projectId, after: [`events:${count}`] });
      return count;
    });
    if (queued > 0) await this.queue.add([webhook], context.requestId);
    return queued;
  }
}
