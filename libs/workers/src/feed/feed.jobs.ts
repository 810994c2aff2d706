import { Injectable } from '@nestjs/common';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { CollectFeed } from './collect-feed.js';
import { TrimFeed } from './trim-feed.js';
import { TrimProjectFeed } from './trim-project-feed.js';

@Injectable()
export class FeedJobs {
  constructor(scheduled: ScheduledWork, trimFeed: TrimFeed, collectFeed: CollectFeed, trimProjectFeed: TrimProjectFeed) {
    scheduled.add({ name: 'collect-feed', everyMs: 5_000, does: 'Brings what happened into the feeds of projects, where nobody was told of it' }, async (context) => ({ entries: await collectFeed.collect(context) }));
    scheduled.add({ name: 'trim-feed', everyMs: 3_600_000, does: 'Removes entries of the log of all events that are older than 30 days' }, () => trimFeed.trim());
    scheduled.add({ name: 'trim-project-feed', everyMs: 3_600_000, does: 'Removes entries of the feeds of projects that are older than FEED_RETENTION' }, () => trimProjectFeed.trim());
  }
}
