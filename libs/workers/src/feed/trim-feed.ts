import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { FeedRepository } from './feed.repository.js';

/** Longer than any consumer of the feed is expected to be away. */
const keptDays = 30;
const batch = 5_000;

@Injectable()
export class TrimFeed {
  constructor(
    private readonly database: Database,
    private readonly feed: FeedRepository,
  ) {}

  /** Removes what is older than the feed is kept, in short transactions, so that appending never waits for long. */
  async trim(): Promise<{ removed: number }> {
    let removed = 0;
    for (let last = batch; last === batch; removed += last) last = await this.feed.trim(this.database, keptDays, batch);
    return { removed };
  }
}
