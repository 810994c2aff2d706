import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { webhooksConfig } from './webhooks.config.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Positions of the feed in one transaction. */
const atOnce = 1_000;

/** Makes deliveries of what is new in the feeds: each webhook remembers how far it is, in the transaction that makes them. */
@Injectable()
export class FollowFeed {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    @Inject(webhooksConfig.token) private readonly config: ConfigValues<typeof webhooksConfig>,
  ) {}

  /** @param projectIds absent: all. @returns the webhooks for which there is something new */
  async follow(projectIds?: readonly string[]): Promise<{ projectId: string; webhookId: string }[]> {
    const fed: { projectId: string; webhookId: string }[] = [];
    for (const webhook of await this.webhooks.behind(this.database, projectIds)) {
      let made = 0;
      for (let some: number | undefined = 0; some !== undefined; made += some ?? 0) some = await this.database.withTransaction((tx) => this.webhooks.follow(tx, webhook, atOnce, this.config.WEBHOOK_RETRY_FOR));
      if (made > 0) fed.push(webhook);
    }
    return fed;
  }
}
