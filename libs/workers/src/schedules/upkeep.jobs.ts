import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork } from './scheduled-work.js';
import { SchedulesRepository } from './schedules.repository.js';

/** What keeps the tables of the platform in this service's own database small, and the schedules going. */
@Injectable()
export class UpkeepJobs {
  constructor(scheduled: ScheduledWork, database: Database, schedules: SchedulesRepository, jobs: Jobs) {
    scheduled.add({ name: 'trim-operations', everyMs: 3_600_000, does: 'Trims the outbox and the inbox of operations' }, async () => ({ outbox: await trimOutbox(database), inbox: await trimInbox(database) }));
    scheduled.add({ name: 'resume-jobs', everyMs: 5_000, does: 'Takes up scheduled work that was interrupted, failed, or wanted by somebody while the queue was away' }, async () => {
      const left = (await schedules.left(database)).filter((name) => scheduled.get(name) !== undefined && name !== 'resume-jobs');
      for (const name of left) await jobs.runNow(name, 'resumed');
      return { resumed: left.length };
    });
  }
}
