import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { ImportBoxes } from './import-boxes.js';
import { readHeader, refusedFile, type ImportHeader } from './import-header.js';
import { ImportSpoolRepository } from './import-spool.repository.js';
import { ImportsRepository, type ImportId } from './imports.repository.js';
import { RecordSplitter } from './record-splitter.js';
import { SpoolRoom } from './spool-room.js';

const mostUnfinished = 20;
const megabyte = 1024 * 1024;
const { operationsErrors } = operations;

/** Takes in a file, part after part. */
@Injectable()
export class ReceiveImport {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly spool: ImportSpoolRepository,
    private readonly boxes: ImportBoxes,
    private readonly idempotency: Idempotency,
    private readonly room: SpoolRoom,
  ) {}

  /** @returns how many bytes a file may have */
  async begin({ projectId, importId, kind, format, dryRun, actor }: RequestOf<typeof operations.beginImport>, { requestId }: CallContext): Promise<number> {
    await this.room.take(0);
    const isThere = await this.database.withTransaction((tx) => this.imports.insert(tx, { projectId, importId }, { kind, format, dryRun }, { actor, requestId }, mostUnfinished));
    if (!isThere) throw operationsErrors.failure('too-many-imports', `A project may have ${mostUnfinished} unfinished imports: wait for one to end, or cancel one.`);
    return this.room.largestFileMib * megabyte;
  }

  async append({ projectId, importId, offset, part }: RequestOf<typeof operations.appendToImport>): Promise<void> {
    const bytes = Buffer.from(part, 'base64');
    const most = this.room.largestFileMib * megabyte;
    if (offset + bytes.length > most) throw operationsErrors.failure('import-too-large', `A file may have ${this.room.largestFileMib} MiB.`);
    await this.room.take(bytes.length);
    const which = { projectId, importId };
    await this.database.withTransaction(async (tx) => {
      const job = await this.imports.lock(tx, which);
      if (job === undefined) throw importNotFound();
      if (job.state !== 'uploading' || offset > job.bytes) throw notOpen();
      if (offset < job.bytes) return; // it came before
      const header = offset === 0 && job.format === 'csv' ? headerIn(bytes, job.kind) : undefined;
      await this.spool.insertPart(tx, which, { firstByte: offset, size: bytes.length, sealed: this.boxes.sealPart(importId, offset, bytes) });
      await this.imports.grow(tx, which, offset + bytes.length, header);
    });
  }

  /** @returns the import; one that was sent before under the same idempotency key in its place */
  async submit({ projectId, importId, bytes, actor }: RequestOf<typeof operations.submitImport>, context: CallContext): Promise<operations.ImportJob> {
    const which = { projectId, importId };
    const answered = await this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<operations.ImportJob> => {
          const job = await this.imports.lock(tx, which);
          if (job === undefined) throw importNotFound();
          if (job.bytes !== bytes) throw notOpen();
          if (bytes === 0) throw refusedFile('The file is empty.');
          const submitted = await this.imports.submit(tx, which);
          if (submitted === undefined) throw notOpen();
          await auditTrail.append(tx, context, { actor, action: job.dryRun ? 'import.tried' : 'import.started', target: { type: 'import', id: importId }, projectId, after: [job.kind] });
          return submitted;
        },
        refer: (job) => ({ importId: job.importId }),
        again: async ({ importId: earlier }) => {
          const job = await this.imports.get(tx, { projectId, importId: earlier });
          if (job === undefined) throw importNotFound();
          return job;
        },
      }),
    );
    if (answered.importId !== importId) await this.abandon(which);
    return answered;
  }

  /** Removes what came of a file that will not be complete; nothing of one that was submitted. */
  async abandon(which: ImportId): Promise<void> {
    // Locked: whoever submitted it may have waited no longer for what is just being committed.
    const isGivenUp = await this.database.withTransaction(async (tx) => {
      const job = await this.imports.lock(tx, which);
      if (job?.state !== 'uploading') return false;
      await this.imports.end(tx, which, 'cancelled', null);
      return true;
    });
    if (!isGivenUp) return;
    await this.spool.clear(this.database, which, true);
    await this.imports.remove(this.database, which);
  }
}

export function importNotFound() {
  return operationsErrors.failure('import-not-found', 'There is no such import.');
}

function notOpen() {
  return operationsErrors.failure('import-not-open', 'The file of this import is not coming any more.');
}

/** The first line has to be in the first part: it is the one that names the columns. @throws Failure `import-file-refused` */
function headerIn(bytes: Buffer, kind: operations.ImportJob['kind']): ImportHeader {
  const splitter = new RecordSplitter('csv', 0, 1);
  const [first] = [...splitter.push(withoutMark(bytes)), ...splitter.end()];
  if (first?.bytes === undefined || first.isOpen) throw refusedFile('The first line, with the names of columns, is too long or has a quotation mark that is never closed.');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(first.bytes);
  } catch {
    throw refusedFile('The first line is not valid UTF-8.');
  }
  return readHeader(kind, text);
}

/** A byte order mark says nothing of UTF-8. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? bytes.subarray(3) : bytes;
}
