import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { AttemptsRepository } from './attempts.repository.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { FollowFeed } from './follow-feed.js';
import { WebhookQueue } from './webhook-queue.js';
import { webhooksConfig } from './webhooks.config.js';

const batch = 1_000;

/** Finds in the rows what the queue does not know: it may have lost everything. */
@Injectable()
export class SweepWebhooks {
  constructor(
    private readonly database: Database,
    private readonly followFeed: FollowFeed,
    private readonly attempts: AttemptsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly queue: WebhookQueue,
    @Inject(webhooksConfig.token) private readonly config: ConfigValues<typeof webhooksConfig>,
  ) {}

  /** Makes deliveries of what is new, and jobs for whatever is due. */
  async sweep(requestId: string): Promise<{ queued: number }> {
    await this.followFeed.follow();
    return { queued: await this.queue.add(await this.attempts.due(this.database), requestId) };
  }

  /** Removes what is known of deliveries that were finished long ago. */
  async trim(): Promise<{ removed: number }> {
    let removed = 0;
    for (let last = batch; last === batch; removed += last) last = await this.deliveries.trim(this.database, this.config.WEBHOOK_LOG_RETENTION, batch);
    return { removed };
  }
}
