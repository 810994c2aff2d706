import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { feedConfig } from './feed.config.js';
import { ProjectFeedRepository } from './project-feed.repository.js';

/** Of one project; as many projects at once. */
const batch = 200;

@Injectable()
export class TrimProjectFeed {
  constructor(
    private readonly database: Database,
    private readonly feed: ProjectFeedRepository,
    @Inject(feedConfig.token) private readonly config: ConfigValues<typeof feedConfig>,
  ) {}

  /** Removes what is older than feeds are kept, in short transactions. */
  async trim(): Promise<{ removed: number }> {
    let removed = 0;
    for (let last = 1; last > 0; removed += last) last = await this.feed.trim(this.database, this.config.FEED_RETENTION, batch);
    return { removed };
  }
}
