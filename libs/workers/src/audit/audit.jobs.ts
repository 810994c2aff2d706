import { Injectable } from '@nestjs/common';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { CollectAudit } from './collect-audit.js';
import { TrimAudit } from './trim-audit.js';

@Injectable()
export class AuditJobs {
  constructor(scheduled: ScheduledWork, collectAudit: CollectAudit, trimAudit: TrimAudit) {
    scheduled.add({ name: 'collect-audit', everyMs: 5_000, does: 'Brings the audit entries of all services into the audit trail' }, async (context) => ({ entries: await collectAudit.collect(context) }));
    scheduled.add({ name: 'trim-audit', everyMs: 3_600_000, does: 'Removes audit entries that are older than AUDIT_RETENTION' }, () => trimAudit.trim());
  }
}
