import { Injectable } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { Jobs } from '#libs/platform/queue';
import { CollectAudit } from './collect-audit.js';
import { TrimAudit } from './trim-audit.js';

@Injectable()
export class AuditJobs {
  constructor(jobs: Jobs, collectAudit: CollectAudit, trimAudit: TrimAudit, logger: Logger) {
    jobs.schedule({ name: 'collect-audit', everyMs: 5_000 }, () =>
      collectAudit.collect({ requestId: 'schedule-collect-audit' }).catch((error: unknown) => {
        // Its entries wait in its database.
        if (!isFailure(error, 'service-unavailable')) throw error;
        logger.debug({ err: error }, 'a service does not hand over its audit entries yet');
      }),
    );
    jobs.schedule({ name: 'trim-audit', everyMs: 3_600_000 }, () => trimAudit.trim());
  }
}
