import { Injectable } from '@nestjs/common';
import { auditSources } from '#libs/contracts';
import { auditEntriesRepository } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

const { pending, settle } = auditSources.profiles;

/** Hands the service's audit entries to the collection. */
@Injectable()
export class AuditMessages {
  constructor(private readonly database: Database) {}

  @Handles(pending)
  async pending(...[{ limit }]: HandlerArguments<typeof pending>) {
    return { entries: await auditEntriesRepository.pending(this.database, limit) };
  }

  @Handles(settle)
  async settle(...[{ entryIds }]: HandlerArguments<typeof settle>) {
    await auditEntriesRepository.settle(this.database, entryIds);
    return {};
  }
}
