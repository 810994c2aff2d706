import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import type { ImportBatch } from './import-batch.js';
import { ImportBoxes } from './import-boxes.js';
import { ImportReader } from './import-reader.js';
import { ImportSpoolRepository } from './import-spool.repository.js';
import { ImportsRepository, type ImportId, type TakenImport } from './imports.repository.js';
import { WriteBatch } from './write-batch.js';

/** So long one run goes on: then others get their turn. */
const turnMs = 5_000;
/** So long after a batch somebody else takes over, longer than any batch takes. */
const leaseSeconds = 30;
/** Mistakes of an import that are kept; what comes after them is counted only. */
const mostFailedKept = 100_000;

/**
 * Writes the imports of a project, one after the other, batch after batch. How far it has come is committed after each batch. What
 * was written and not noted, because the process died in between, is written again by the next one: profiles does nothing then,
 * and answers the same.
 */
@Injectable()
export class RunImports {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly spool: ImportSpoolRepository,
    private readonly boxes: ImportBoxes,
    private readonly reader: ImportReader,
    private readonly writeBatch: WriteBatch,
  ) {}

  /** @returns whether there may be more to do. @throws Failure while profiles is out of reach */
  async run(projectId: string, context: CallContext): Promise<boolean> {
    const leaseId = newId();
    const job = await this.imports.take(this.database, projectId, leaseId, leaseSeconds);
    if (job === undefined) return false;
    const which = { projectId, importId: job.importId };
    try {
      await this.write(which, job, leaseId, { requestId: job.requestId, ...(context.deadlineAt === undefined ? {} : { deadlineAt: context.deadlineAt }) });
      return true;
    } finally {
      await this.imports.letGo(this.database, which, leaseId).catch(() => undefined); // else it ends by itself
    }
  }

  private async write(which: ImportId, job: TakenImport, leaseId: string, context: CallContext): Promise<void> {
    const until = performance.now() + turnMs;
    let { bytesRead: position, failed } = job;
    for await (const batch of this.reader.batches(which, job, context)) {
      await this.refuseRepeated(which, batch);
      const results = await this.writeBatch.write(which, job, batch.sound, context);
      results.forEach((result, index) => batch.settle(batch.sound[index]!.line, job.kind, result));
      const state = await this.note(which, leaseId, position, batch, failed);
      if (state !== 'running') return; // cancelled, or somebody else has it
      ({ position } = batch.progress(0));
      failed += batch.failed;
      if (performance.now() > until && position < job.bytes) return;
    }
    await this.database.withTransaction((tx) => this.imports.endTaken(tx, which, leaseId, 'done', null));
    await this.spool.clear(this.database, which, false);
  }

  /** A row about what another row was about is a mistake, be it written or tried: which of them holds can't hang on chance. */
  private async refuseRepeated(which: ImportId, batch: ImportBatch): Promise<void> {
    const before = await this.spool.findKeys(this.database, which, this.keysOf(which, batch).map(({ hash }) => hash));
    batch.refuseRepeated(({ key }, line) => {
      if (key === null) return undefined;
      const name = this.boxes.hashOf(which.importId, key).toString('hex');
      const first = before.get(name);
      if (first === undefined) before.set(name, line);
      return first;
    });
  }

  /** In one transaction: how far it has come, what was wrong, and what was seen. @returns the state; undefined: somebody else has it */
  private async note(which: ImportId, leaseId: string, from: number, batch: ImportBatch, failedBefore: number): Promise<string | undefined> {
    const isKept = failedBefore < mostFailedKept;
    const progress = batch.progress(isKept ? 0 : batch.failed);
    return this.database.withTransaction(async (tx) => {
      const state = await this.imports.advance(tx, which, leaseId, from, progress, leaseSeconds);
      if (state === undefined) return undefined;
      await this.spool.insertKeys(tx, which, this.keysOf(which, batch));
      const errors = [...batch.errors].sort((one, other) => one.line - other.line);
      if (isKept && errors.length > 0) await this.spool.insertErrors(tx, which, errors[0]!.line, this.boxes.sealErrors(which.importId, errors[0]!.line, errors));
      await this.spool.dropParts(tx, which, progress.position);
      return state;
    });
  }

  private keysOf(which: ImportId, batch: ImportBatch): { hash: Buffer; line: number }[] {
    return batch.sound.flatMap(({ line, row }) => (row.key === null ? [] : [{ hash: this.boxes.hashOf(which.importId, row.key), line }]));
  }
}
