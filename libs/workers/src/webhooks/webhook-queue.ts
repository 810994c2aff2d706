import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { deliverWebhooksJob } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import { JobQueue } from '#libs/platform/queue';

@Injectable()
export class WebhookQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly logger: Logger,
  ) {}

  /**
   * Makes a job for webhooks that something waits for. Each time another one: what waits is in the rows, and a job that finds
   * nothing does nothing. A queue that is out of reach is no failure: the sweep adds one later.
   * @returns how many the queue took
   */
  async add(webhooks: readonly { projectId: string; webhookId: string }[], requestId: string): Promise<number> {
    let added = 0;
    try {
      for (const webhook of webhooks) {
        await this.queue.add(deliverWebhooksJob, webhook, { requestId }, { jobId: `webhook-${newId()}` });
        added += 1;
      }
    } catch (error) {
      this.logger.warn({ requestId, err: error }, 'deliveries could not be queued, they will be tried again');
    }
    return added;
  }
}
