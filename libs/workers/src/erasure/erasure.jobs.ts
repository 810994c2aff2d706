import { Injectable } from '@nestjs/common';
import { eraseUsersJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { EraseUsers } from './erase-users.js';
import { RequeueErasures } from './requeue-erasures.js';

@Injectable()
export class ErasureJobs {
  constructor(jobs: Jobs, eraseUsers: EraseUsers, requeueErasures: RequeueErasures) {
    jobs.handle(eraseUsersJob, ({ realmId, erasureId }, { requestId }) => eraseUsers.attempt(realmId, erasureId, { requestId }));
    jobs.schedule({ name: 'requeue-erasures', everyMs: 15_000 }, () => requeueErasures.requeue());
  }
}
