import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ImportBoxes } from './import-boxes.js';
import { ImportSpoolRepository } from './import-spool.repository.js';
import { ImportsRepository } from './imports.repository.js';
import { importNotFound } from './receive-import.js';

/** How imports are doing. */
@Injectable()
export class FindImports {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly spool: ImportSpoolRepository,
    private readonly boxes: ImportBoxes,
  ) {}

  async list({ projectId, limit, before }: RequestOf<typeof operations.listImports>): Promise<ResponseOf<typeof operations.listImports>> {
    // One more than asked for tells whether there is another page.
    const found = await this.imports.list(this.database, projectId, before, limit + 1);
    const imports = found.slice(0, limit);
    return { imports, nextBefore: found.length > limit ? imports.at(-1)!.importId : null };
  }

  /** @throws Failure `import-not-found` */
  async get(which: RequestOf<typeof operations.getImport>): Promise<operations.ImportJob> {
    const job = await this.imports.get(this.database, which);
    if (job === undefined) throw importNotFound();
    return job;
  }

  /** @throws Failure `import-not-found` */
  async errors({ projectId, importId, after }: RequestOf<typeof operations.readImportErrors>): Promise<ResponseOf<typeof operations.readImportErrors>> {
    await this.get({ projectId, importId });
    const block = await this.spool.readErrors(this.database, { projectId, importId }, after);
    return block === undefined ? { errors: [], next: null } : { errors: this.boxes.openErrors(importId, block.line, block.sealed), next: block.line };
  }
}
