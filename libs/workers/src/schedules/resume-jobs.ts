import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Jobs } from '#libs/platform/queue';
import { isLeft } from './due.js';
import { ScheduledWork } from './scheduled-work.js';
import { SchedulesRepository } from './schedules.repository.js';

/** Sees to what the queue has lost or could not do: our rows say what should have run. */
@Injectable()
export class ResumeJobs {
  static readonly schedule = { name: 'resume-jobs', everyMs: 5_000 };

  constructor(
    private readonly database: Database,
    private readonly schedules: SchedulesRepository,
    private readonly scheduled: ScheduledWork,
    private readonly jobs: Jobs,
  ) {}

  async resume(): Promise<{ resumed: number }> {
    const rows = await this.schedules.all(this.database);
    const left = this.scheduled.all().filter((schedule) => schedule.name !== ResumeJobs.schedule.name && isLeft(rows.get(schedule.name), schedule));
    for (const { name } of left) await this.jobs.runNow(name, 'resumed');
    return { resumed: left.length };
  }
}
