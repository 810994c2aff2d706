import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Jobs } from '#libs/platform/queue';
import { ConfirmRemovals } from './confirm-removals.js';
import { receiptsConfig } from './receipts.config.js';

@Injectable()
export class RemovalsJobs {
  constructor(jobs: Jobs, confirmRemovals: ConfirmRemovals, @Inject(receiptsConfig.token) config: ConfigValues<typeof receiptsConfig>) {
    const everyMs = Math.min(60_000, config.ERASURE_REMOVAL_AFTER * 1_000);
    jobs.schedule({ name: 'remove-erased-bytes', everyMs }, () => confirmRemovals.confirm({ requestId: 'schedule-remove-erased-bytes' }));
  }
}
