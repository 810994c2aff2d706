import type { operations } from '#libs/contracts';
import type { FailureDetail } from '#libs/platform/errors';
import type { ImportProgress } from './imports.repository.js';
import type { ReadRow } from './import-row.js';
import type { RawRecord } from './record-splitter.js';
import { userFieldNames } from './user-row.js';

/** Mistakes of one row that are told. */
const mostOfRow = 10;

export type SoundRow = Exclude<ReadRow, { kind: 'mistakes' | 'nothing' }>;
/** What became of a row that was sound. */
export type RowResult = 'created' | 'updated' | 'skipped' | { readonly failure: { readonly code: string; readonly message: string; readonly details?: readonly FailureDetail[] } };

/** Rows of a file that are written together, and what becomes of them. */
export class ImportBatch {
  readonly sound: { line: number; row: SoundRow }[] = [];
  readonly errors: operations.ImportError[] = [];
  private readonly mistaken = new Set<number>();
  private readonly counts = { created: 0, updated: 0, skipped: 0 };
  private rows = 0;
  private bytes = 0;
  private end: Pick<RawRecord, 'end' | 'nextLine'> | undefined;

  /** @param most rows, and bytes of the file, that fit */
  constructor(private readonly most: { rows: number; bytes: number }) {}

  get isFull(): boolean {
    return this.rows >= this.most.rows || this.bytes >= this.most.bytes;
  }

  get isEmpty(): boolean {
    return this.end === undefined;
  }

  /** @param before the line of another row about the same */
  add(record: RawRecord, row: ReadRow): void {
    this.end = record;
    if (row.kind === 'nothing') return;
    this.rows += 1;
    this.bytes += record.bytes?.length ?? 0;
    if (row.kind === 'mistakes') this.refuse(record.line, row.code, row.details);
    else this.sound.push({ line: record.line, row });
  }

  /** Takes out rows that are about what another row was about before. @param lineBefore of a sound row; undefined: there is none */
  refuseRepeated(lineBefore: (row: SoundRow, line: number) => number | undefined): void {
    for (const { line, row } of this.sound.splice(0)) {
      const before = lineBefore(row, line);
      if (before === undefined) this.sound.push({ line, row });
      else this.refuse(line, 'repeated-row', [{ path: 'id', message: `is the one of line ${before} too` }]);
    }
  }

  settle(line: number, kind: SoundRow['kind'], result: RowResult): void {
    if (typeof result === 'string') this.counts[result] += 1;
    else this.refuse(line, result.failure.code, placesOf(kind, result.failure));
  }

  /** What the whole of it adds. @param leftOut rows whose errors are not kept */
  progress(leftOut: number): ImportProgress {
    const { end: position, nextLine: line } = this.end!;
    return { position, line, rows: this.rows, ...this.counts, failed: this.mistaken.size, errorsLeftOut: leftOut };
  }

  get failed(): number {
    return this.mistaken.size;
  }

  private refuse(line: number, code: string, details: readonly FailureDetail[]): void {
    this.mistaken.add(line);
    for (const { path, message } of details.slice(0, mostOfRow)) this.errors.push({ line, field: path === '' ? null : path.slice(0, 300), code, reason: message });
  }
}

/** What profiles found wrong, in the words of the file. */
function placesOf(kind: SoundRow['kind'], { code, message, details }: { code: string; message: string; details?: readonly FailureDetail[] }): FailureDetail[] {
  const whole = lowerFirst(message.replace(/\.$/, ''));
  if (code === 'user-erased' || code === 'user-not-found') return [{ path: kind === 'users' ? 'id' : 'uid', message: code === 'user-erased' ? 'is of a user who was erased' : 'is of nobody' }];
  if (code === 'email-taken') return [{ path: 'email', message: 'is the login of another user of the project' }];
  if (details === undefined || details.length === 0) return [{ path: '', message: whole }];
  return details.map(({ path, message: mistake }) => ({ path: kind === 'users' ? inFile(path) : path, message: mistake }));
}

function inFile(path: string): string {
  const [, first = '', rest = ''] = /^(\w+)(.*)$/s.exec(path) ?? [];
  return `${userFieldNames[first] ?? first}${rest}`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
