import { Injectable } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import { Jobs } from '#libs/platform/queue';
import { EraseDeletedStaff } from './erase-deleted-staff.js';

@Injectable()
export class StaffRetentionJobs {
  constructor(jobs: Jobs, eraseDeletedStaff: EraseDeletedStaff) {
    jobs.schedule({ name: 'erase-deleted-staff', everyMs: 60_000 }, () =>
      eraseDeletedStaff.erase({ requestId: 'schedule-erase-deleted-staff' }).catch((error: unknown) => {
        // They stay deleted until the next time.
        if (!isFailure(error, 'service-unavailable')) throw error;
      }),
    );
  }
}
