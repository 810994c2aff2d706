import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { ConfirmRemovals } from './confirm-removals.js';
import { receiptsConfig } from './receipts.config.js';

@Injectable()
export class RemovalsJobs {
  constructor(scheduled: ScheduledWork, confirmRemovals: ConfirmRemovals, @Inject(receiptsConfig.token) config: ConfigValues<typeof receiptsConfig>) {
    const everyMs = Math.min(60_000, config.ERASURE_REMOVAL_AFTER * 1_000);
    scheduled.add({ name: 'remove-erased-bytes', everyMs, does: 'Removes the bytes of erased users from the files of the databases, once ERASURE_REMOVAL_AFTER is over' }, (context) => confirmRemovals.confirm(context));
  }
}
