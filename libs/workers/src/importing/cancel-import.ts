import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { ImportSpoolRepository } from './import-spool.repository.js';
import { ImportsRepository } from './imports.repository.js';
import { importNotFound } from './receive-import.js';

@Injectable()
export class CancelImport {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly spool: ImportSpoolRepository,
  ) {}

  /** What was written stays; a batch that is being written is counted when it is. @throws Failure `import-not-found`, `import-finished` */
  async cancel({ projectId, importId, actor }: RequestOf<typeof operations.cancelImport>, context: CallContext): Promise<operations.ImportJob> {
    const which = { projectId, importId };
    const job = await this.database.withTransaction(async (tx) => {
      const cancelled = await this.imports.end(tx, which, 'cancelled', null);
      if (cancelled === undefined) return undefined;
      await auditTrail.append(tx, context, { actor, action: 'import.cancelled', target: { type: 'import', id: importId }, projectId });
      return cancelled;
    });
    if (job !== undefined) {
      await this.spool.clear(this.database, which, false);
      return job;
    }
    const present = await this.imports.get(this.database, which);
    if (present === undefined) throw importNotFound();
    if (present.state !== 'cancelled') throw operations.operationsErrors.failure('import-finished', 'The import has ended: there is nothing to cancel.');
    return present;
  }
}
