import { Injectable } from '@nestjs/common';
import { eraseUsersJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { EraseUsers } from './erase-users.js';
import { RequeueErasures } from './requeue-erasures.js';

@Injectable()
export class ErasureJobs {
  constructor(jobs: Jobs, scheduled: ScheduledWork, eraseUsers: EraseUsers, requeueErasures: RequeueErasures) {
    jobs.handle(eraseUsersJob, ({ realmId, erasureId }, { requestId }) => eraseUsers.attempt(realmId, erasureId, { requestId }));
    scheduled.add({ name: 'requeue-erasures', everyMs: 15_000, does: 'Makes jobs of erasures that have none' }, () => requeueErasures.requeue());
  }
}
