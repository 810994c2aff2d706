import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { ResumeJobs } from './resume-jobs.js';
import { ScheduledWork } from './scheduled-work.js';

/** What keeps the tables of the platform in this service's own database small, and the schedules going. */
@Injectable()
export class UpkeepJobs {
  constructor(scheduled: ScheduledWork, database: Database, resumeJobs: ResumeJobs) {
    scheduled.add({ name: 'trim-operations', everyMs: 3_600_000, does: 'Trims the outbox, the inbox and the idempotency keys of operations' }, async (_, signal) => {
      const isOver = () => signal.aborted;
      return { outbox: await trimOutbox(database, isOver), inbox: await trimInbox(database, isOver), idempotencyKeys: await trimIdempotencyKeys(database, isOver) };
    });
    scheduled.add({ ...ResumeJobs.schedule, does: 'Takes up scheduled work that was interrupted, failed, missed, or wanted by somebody while the queue was away' }, () => resumeJobs.resume());
  }
}
