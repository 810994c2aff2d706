import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { ImportQueue } from './import-queue.js';
import { importsConfig } from './imports.config.js';
import { ImportSpoolRepository } from './import-spool.repository.js';
import { ImportsRepository } from './imports.repository.js';

/** A file of which nothing came for so long is not coming any more. */
const brokenOffAfterSeconds = 600;

/** Finds what nobody does: the queue may have lost everything, and processes die. */
@Injectable()
export class SweepImports {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly spool: ImportSpoolRepository,
    private readonly queue: ImportQueue,
    @Inject(importsConfig.token) private readonly config: ConfigValues<typeof importsConfig>,
  ) {}

  /** Makes jobs for imports that nobody writes. */
  async requeue(requestId: string): Promise<{ queued: number }> {
    let queued = 0;
    for (const { projectId } of await this.imports.waiting(this.database)) if (await this.queue.add(projectId, requestId)) queued += 1;
    return { queued };
  }

  /** Gives up files that are not coming any more, and removes those that nobody needs any more. */
  async clear(): Promise<{ brokenOff: number; cleared: number }> {
    const brokenOff = await this.imports.endBrokenOff(this.database, brokenOffAfterSeconds);
    const cluttered = await this.spool.cluttered(this.database);
    for (const which of cluttered) await this.spool.clear(this.database, which, false);
    return { brokenOff, cleared: cluttered.length };
  }

  /** Removes what is known of imports that ended long ago. */
  async trim(): Promise<{ removed: number }> {
    let removed = 0;
    for (let old = await this.spool.old(this.database, this.config.IMPORT_RETENTION); old.length > 0; old = await this.spool.old(this.database, this.config.IMPORT_RETENTION)) {
      for (const which of old) {
        await this.spool.clear(this.database, which, true);
        await this.imports.remove(this.database, which);
      }
      removed += old.length;
    }
    return { removed };
  }
}
