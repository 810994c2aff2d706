import { Injectable } from '@nestjs/common';
import type { TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { ImportSpoolRepository } from './import-spool.repository.js';

/**
 * Files that are still being written may hold whoever is erased, and nobody can know before they are read. Written they are not: whoever was erased
 * is refused. The rest of a file goes as it is read, so an erasure waits for the files that were there before it.
 */
@Injectable()
export class EraseFromImports {
  constructor(
    private readonly database: Database,
    private readonly spool: ImportSpoolRepository,
  ) {}

  /** @throws Failure `service-unavailable` while there are such files: the erasure is then tried again */
  async erase(realmId: string, requestedAt: string): Promise<TableCounts> {
    const parts = await this.spool.countOlderParts(this.database, realmId, requestedAt);
    if (parts > 0) throw platformErrors.failure('service-unavailable', `${parts} parts of files that are being imported came before the erasure, and have not been read yet.`, { retryAfter: 5 });
    return {};
  }
}
