import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { Jobs } from '#libs/platform/queue';

/** What keeps the tables of the platform in this service's own database small. */
@Injectable()
export class UpkeepJobs {
  constructor(jobs: Jobs, database: Database) {
    jobs.schedule({ name: 'trim-events', everyMs: 3_600_000 }, async () => {
      await trimOutbox(database);
      await trimInbox(database);
    });
  }
}
