import { Injectable } from '@nestjs/common';
import { erasePartJob, eraseUsersJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { ErasePart } from './erase-part.js';
import { FinishErasure } from './finish-erasure.js';
import { RequeueErasures } from './requeue-erasures.js';

@Injectable()
export class ErasureJobs {
  constructor(jobs: Jobs, scheduled: ScheduledWork, erasePart: ErasePart, finishErasure: FinishErasure, requeueErasures: RequeueErasures) {
    jobs.handle(erasePartJob, ({ service, ...erasure }, { requestId }) => erasePart.attempt(erasure, service, { requestId }));
    jobs.handle(eraseUsersJob, ({ realmId, erasureId }, { requestId }) => finishErasure.attempt(realmId, erasureId, { requestId }));
    scheduled.add({ name: 'requeue-erasures', everyMs: 15_000, does: 'Makes jobs of erasures that have none' }, () => requeueErasures.requeue());
  }
}
