import { Injectable } from '@nestjs/common';
import type { CallContext } from '#libs/platform/messages';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { WebhookQueue } from './webhook-queue.js';

/** The job of one webhook. A second one in the same process does not take a place among those that run: the first goes on in its stead. */
@Injectable()
export class RunWebhook {
  private readonly running = new Map<string, { again: boolean }>();

  constructor(
    private readonly deliverWebhooks: DeliverWebhooks,
    private readonly queue: WebhookQueue,
  ) {}

  async run(webhook: { projectId: string; webhookId: string }, context: CallContext): Promise<void> {
    const present = this.running.get(webhook.webhookId);
    if (present !== undefined) {
      present.again = true;
      return;
    }
    const state = { again: false };
    this.running.set(webhook.webhookId, state);
    try {
      const more = await this.deliverWebhooks.deliver(webhook, context);
      if (more || state.again) await this.queue.add([webhook], context.requestId);
    } finally {
      this.running.delete(webhook.webhookId);
    }
  }
}
