import { Injectable } from '@nestjs/common';
import { Jobs } from '#libs/platform/queue';
import { TrimFeed } from './trim-feed.js';

@Injectable()
export class FeedJobs {
  constructor(jobs: Jobs, trimFeed: TrimFeed) {
    jobs.schedule({ name: 'trim-feed', everyMs: 3_600_000 }, () => trimFeed.trim());
  }
}
