import { Injectable } from '@nestjs/common';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { EraseDeletedStaff } from './erase-deleted-staff.js';

@Injectable()
export class StaffRetentionJobs {
  constructor(scheduled: ScheduledWork, eraseDeletedStaff: EraseDeletedStaff) {
    scheduled.add({ name: 'erase-deleted-staff', everyMs: 60_000, does: 'Erases deleted people whose time to be restored is over' }, (context) => eraseDeletedStaff.erase(context));
  }
}
