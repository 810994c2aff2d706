import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { AuditLogRepository } from './audit-log.repository.js';
import { auditConfig } from './audit.config.js';

const batch = 5_000;

@Injectable()
export class TrimAudit {
  constructor(
    private readonly database: Database,
    private readonly log: AuditLogRepository,
    @Inject(auditConfig.token) private readonly config: ConfigValues<typeof auditConfig>,
  ) {}

  /** Removes what is older than the trail is kept, in short transactions. */
  async trim(): Promise<{ removed: number }> {
    let removed = 0;
    for (let last = batch; last === batch; removed += last) last = await this.log.trim(this.database, this.config.AUDIT_RETENTION, batch);
    return { removed };
  }
}
