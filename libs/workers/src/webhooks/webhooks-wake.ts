import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Logger } from '#libs/platform/logging';
import { FedEvents } from '../feed/fed-events.js';
import { FollowFeed } from './follow-feed.js';
import { WebhookQueue } from './webhook-queue.js';

/** Has what is new in a feed sent at once. What is missed here the sweep finds. */
@Injectable()
export class WebhooksWake implements BeforeApplicationShutdown {
  private readonly waiting = new Set<string>();
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    fed: FedEvents,
    private readonly followFeed: FollowFeed,
    private readonly queue: WebhookQueue,
    private readonly logger: Logger,
  ) {
    fed.onNew((projectIds) => {
      for (const projectId of projectIds) this.waiting.add(projectId);
      if (!this.stopping) this.running ??= this.goOn();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async goOn(): Promise<void> {
    while (this.waiting.size > 0 && !this.stopping) {
      const projectIds = [...this.waiting];
      this.waiting.clear();
      try {
        await this.queue.add(await this.followFeed.follow(projectIds), 'webhooks');
      } catch (error) {
        this.logger.debug({ err: error }, 'webhooks could not be woken, the schedule does it');
      }
    }
    this.running = undefined;
  }
}
