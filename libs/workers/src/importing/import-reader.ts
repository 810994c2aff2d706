import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { DeclaredTypes } from './cells.js';
import { ImportBatch } from './import-batch.js';
import { ImportBoxes } from './import-boxes.js';
import { readRow, type RowContext } from './import-row.js';
import { ImportSpoolRepository } from './import-spool.repository.js';
import type { ImportId, TakenImport } from './imports.repository.js';
import { withoutMark } from './receive-import.js';
import { RecordSplitter, type RawRecord } from './record-splitter.js';

/** So that a batch is one message, and one short transaction. */
const most = { rows: profiles.mostLoadedAtOnce, bytes: 1024 * 1024 };

/** Reads a file from where its writing has come to, in batches. No more of it is in memory than a part and a batch. */
@Injectable()
export class ImportReader {
  constructor(
    private readonly database: Database,
    private readonly spool: ImportSpoolRepository,
    private readonly boxes: ImportBoxes,
    private readonly rpc: RpcClient,
  ) {}

  /** Batches begin and end at the same rows wherever the reading begins: each follows from where the one before ended. */
  async *batches(which: ImportId, job: TakenImport, context: CallContext): AsyncGenerator<ImportBatch> {
    const rowContext: RowContext = { job, header: job.header, declared: await this.declared(which, job, context) };
    let batch = new ImportBatch(most);
    for await (const record of this.records(which, job)) {
      batch.add(record, readRow(record, rowContext));
      if (!batch.isFull) continue;
      yield batch;
      batch = new ImportBatch(most);
    }
    if (!batch.isEmpty) yield batch;
  }

  private async *records(which: ImportId, { format, header, bytes, bytesRead, line }: TakenImport): AsyncGenerator<RawRecord> {
    let splitter: RecordSplitter | undefined;
    // The names of columns are no row.
    let isRow = format !== 'csv' || bytesRead > 0;
    for (let at = bytesRead; at < bytes; ) {
      const part = await this.part(which, at);
      splitter ??= new RecordSplitter(format, bytesRead + part.begin, line, header?.delimiter);
      for (const record of splitter.push(part.bytes)) {
        if (isRow) yield record;
        isRow = true;
      }
      at = part.end;
    }
    for (const record of splitter?.end() ?? []) if (isRow) yield record;
  }

  /** What of the file begins at this byte. `begin`: how many bytes of it say nothing. */
  private async part(which: ImportId, at: number): Promise<{ bytes: Buffer; begin: number; end: number }> {
    const part = await this.spool.readPart(this.database, which, at);
    if (part === undefined) throw new Error(`the part of an import that has byte ${at} is gone`);
    const { firstByte, size, sealed } = part;
    const opened = this.boxes.openPart(which.importId, firstByte, sealed).subarray(at - firstByte);
    const bytes = at === 0 ? withoutMark(opened) : opened;
    return { bytes, begin: opened.length - bytes.length, end: firstByte + size };
  }

  private async declared({ projectId: realmId }: ImportId, { kind, format }: TakenImport, context: CallContext): Promise<DeclaredTypes> {
    if (kind !== 'users' || format !== 'csv') return new Map();
    const { fields } = await this.rpc.call(profiles.listFields, { realmId }, context);
    return new Map(fields.map(({ name, type }) => [name, type]));
  }
}
