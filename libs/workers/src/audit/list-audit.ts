import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { AuditCursors } from './audit-cursors.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { CollectAudit } from './collect-audit.js';

@Injectable()
export class ListAudit {
  constructor(
    private readonly database: Database,
    private readonly collectAudit: CollectAudit,
    private readonly log: AuditLogRepository,
    private readonly cursors: AuditCursors,
    private readonly logger: Logger,
  ) {}

  async list({ filter, order, limit, cursor }: RequestOf<typeof operations.listAudit>, context: CallContext): Promise<ResponseOf<typeof operations.listAudit>> {
    const question = [filter, order];
    const place = cursor === undefined ? undefined : this.cursors.open(cursor, question);
    if (place === undefined) await this.collectFirst(context);
    const found = await this.log.list(this.database, filter, order, place, limit + 1);
    const page = found.slice(0, limit);
    return {
      entries: page.map(({ seq: _, ...entry }) => entry),
      nextCursor: found.length > limit ? this.cursors.seal(page.at(-1)!.seq, question) : null,
    };
  }

  /** Who asks sees what they have just done. A service that is away is no reason to show nothing of the others. */
  private async collectFirst(context: CallContext): Promise<void> {
    await this.collectAudit.collect(context).catch((error: unknown) => {
      this.logger.warn({ requestId: context.requestId, err: error }, 'the audit trail is answered without what a service still holds');
    });
  }
}
