import { Injectable } from '@nestjs/common';
import type { TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { AuditHashes } from './audit-hashes.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { CollectAudit } from './collect-audit.js';

/** Leaves in the trail that somebody did something, and not who it was. */
@Injectable()
export class EraseFromAudit {
  constructor(
    private readonly database: Database,
    private readonly collectAudit: CollectAudit,
    private readonly log: AuditLogRepository,
    private readonly hashes: AuditHashes,
  ) {}

  /**
   * What the services still hold is fetched first; what they write later comes in as hashes.
   * @returns how many ids were replaced
   * @throws Failure of a service that is out of reach
   */
  async erase(userIds: readonly string[], context: CallContext): Promise<TableCounts> {
    await this.collectAudit.collect(context);
    const users = userIds.map((userId) => ({ userId, hash: this.hashes.of(userId) }));
    return this.database.withTransaction(async (tx) => {
      await this.log.takeTurn(tx);
      return { audit_log: await this.log.replace(tx, users) };
    });
  }

  async countRemains(userIds: readonly string[]): Promise<TableCounts> {
    return { audit_log: await this.log.countRemains(this.database, userIds) };
  }
}
