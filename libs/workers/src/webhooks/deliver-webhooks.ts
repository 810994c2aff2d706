import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { AttemptsRepository, type BegunDelivery } from './attempts.repository.js';
import { EventsOfDeliveries } from './events-of-deliveries.js';
import { SendWebhook } from './send-webhook.js';
import { SettleAttempt } from './settle-attempt.js';
import { failuresBeforeRest } from './webhook-waits.js';
import { WebhooksRepository, type WebhookTarget } from './webhooks.repository.js';

/** Requests to one webhook at the same time, over all workers. */
const atOnce = 10;
/** So long one run goes on: then others get their turn. */
const turnMs = 10_000;

interface Begun extends WebhookTarget {
  deliveries: BegunDelivery[];
}

/**
 * Sends what waits for a webhook. Who begins an attempt locks the webhook and writes it down before anything leaves, so any
 * number of workers may do this: no delivery is sent twice at the same time, and of two about the same user the second one
 * leaves when the first one has arrived, or was given up.
 */
@Injectable()
export class DeliverWebhooks {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly attempts: AttemptsRepository,
    private readonly events: EventsOfDeliveries,
    private readonly sendWebhook: SendWebhook,
    private readonly settleAttempt: SettleAttempt,
  ) {}

  /** @returns whether there may be more that is due. @throws Failure when what is to be sent can't be asked for: nothing has left then */
  async deliver(webhook: { projectId: string; webhookId: string }, context: CallContext): Promise<boolean> {
    for (const until = performance.now() + turnMs; performance.now() < until; ) {
      const begun = await this.begin(webhook);
      if (begun === undefined) return false;
      const events = await this.events.of(webhook.projectId, begun.deliveries, context).catch(async (error: unknown) => {
        for (const delivery of begun.deliveries) await this.attempts.putBack(this.database, delivery, 5);
        throw error;
      });
      await Promise.all(
        begun.deliveries.map(async (delivery) => {
          const event = events.get(delivery.position);
          if (event === undefined) return this.settleAttempt.expired(delivery);
          return this.settleAttempt.settle(delivery, await this.sendWebhook.send(webhook.webhookId, begun, event), begun, context);
        }),
      );
    }
    return true;
  }

  private async begin(webhook: { projectId: string; webhookId: string }): Promise<Begun | undefined> {
    return this.database.withTransaction(async (tx) => {
      const target = await this.webhooks.target(tx, webhook);
      if (target === undefined || target.disabled || target.resting) return undefined;
      const most = target.failures >= failuresBeforeRest ? 1 : atOnce;
      const room = most - (await this.attempts.inFlight(tx, webhook));
      const deliveries = room <= 0 ? [] : await this.attempts.begin(tx, webhook, room, this.sendWebhook.leaseSeconds);
      return deliveries.length === 0 ? undefined : { ...target, deliveries };
    });
  }
}
