import type { operations } from '#libs/contracts';
import { csvDelimiters } from './csv-record.js';

type Format = operations.ImportJob['format'];

/** A longer row is one mistake, whatever it holds: a user has 64 KiB of attributes at the most. */
export const mostRecordBytes = 256 * 1024;

/** A row of a file as it stands there. */
export interface RawRecord {
  /** Absent: it is longer than a row may be. */
  bytes?: Buffer;
  /** The line that it begins on, and the one that the next row begins on. */
  line: number;
  nextLine: number;
  /** The byte of the file at which the next row begins. */
  end: number;
  /** The file ends within quotation marks. */
  isOpen: boolean;
}

const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/**
 * Cuts a file that comes in parts into rows, and knows of each where in the file it ends: so the reading goes on anywhere, in
 * another process. What of a row is held is bounded. In CSV a line may end within quotation marks, which open at the
 * beginning of a field only.
 */
export class RecordSplitter {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private isTooLong = false;
  private linesInside = 0;
  private quotes: 'none' | 'open' | 'maybe-closed' = 'none';
  private atFieldStart = true;
  private readonly delimiters: ReadonlySet<number>;

  constructor(
    private readonly format: Format,
    /** Where the first part begins. */
    private position: number,
    private line: number,
    /** Of a CSV file; any of those there are, while its first line has not been read. */
    delimiter = csvDelimiters.join(''),
  ) {
    this.delimiters = new Set([...delimiter].map((one) => one.charCodeAt(0)));
  }

  push(part: Buffer): RawRecord[] {
    const records: RawRecord[] = [];
    let start = 0;
    for (let end = this.findEnd(part, 0); end >= 0; end = this.findEnd(part, start)) {
      this.hold(part.subarray(start, end));
      records.push(this.finish(1));
      start = end + 1;
    }
    this.hold(part.subarray(start));
    return records;
  }

  /** The row that no line end follows, if there is one. */
  end(): RawRecord[] {
    return this.heldBytes === 0 ? [] : [this.finish(0)];
  }

  private findEnd(part: Buffer, from: number): number {
    if (this.format === 'ndjson') return part.indexOf(newline, from);
    for (let at = from; at < part.length; at += 1) {
      const byte = part[at]!;
      if (this.quotes === 'open' && !this.isTooLong) {
        if (byte === quote) this.quotes = 'maybe-closed';
        else if (byte === newline) this.linesInside += 1;
        // So long as this it is a quotation mark that was never closed: rows are found again at the next line.
        if (this.heldBytes + at - from > mostRecordBytes) this.isTooLong = true;
        continue;
      }
      if (byte === newline) return at;
      if (byte === quote && (this.atFieldStart || this.quotes === 'maybe-closed')) this.quotes = 'open';
      else this.quotes = 'none';
      this.atFieldStart = this.delimiters.has(byte);
    }
    return -1;
  }

  private hold(bytes: Buffer): void {
    this.heldBytes += bytes.length;
    if (this.heldBytes > mostRecordBytes) this.isTooLong = true;
    if (this.isTooLong) this.held = [];
    else if (bytes.length > 0) this.held.push(bytes);
  }

  private finish(breakBytes: number): RawRecord {
    const { line, held, isTooLong } = this;
    this.position += this.heldBytes + breakBytes;
    this.line += this.linesInside + 1;
    const record: RawRecord = { line, nextLine: this.line, end: this.position, isOpen: this.quotes === 'open' && !isTooLong, ...(isTooLong ? {} : { bytes: withoutReturn(held.length === 1 ? held[0]! : Buffer.concat(held)) }) };
    this.held = [];
    this.heldBytes = 0;
    this.isTooLong = false;
    this.linesInside = 0;
    this.quotes = 'none';
    this.atFieldStart = true;
    return record;
  }
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
