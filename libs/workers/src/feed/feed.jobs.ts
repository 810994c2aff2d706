import { Injectable } from '@nestjs/common';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { TrimFeed } from './trim-feed.js';

@Injectable()
export class FeedJobs {
  constructor(scheduled: ScheduledWork, trimFeed: TrimFeed) {
    scheduled.add({ name: 'trim-feed', everyMs: 3_600_000, does: 'Removes entries of the feed that are older than 30 days' }, () => trimFeed.trim());
  }
}
