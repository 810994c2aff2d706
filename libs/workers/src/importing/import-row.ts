import type { operations, profiles } from '#libs/contracts';
import { mistakesOf, type FailureDetail } from '#libs/platform/errors';
import type { RequestInput } from '#libs/platform/messages';
import type { z } from 'zod';
import { objectOf, type DeclaredTypes } from './cells.js';
import { fieldsOf } from './csv-record.js';
import { eventRow, toLoadedEvent } from './event-row.js';
import { rowFields, type ImportHeader } from './import-header.js';
import { mostRecordBytes, type RawRecord } from './record-splitter.js';
import { rowId } from './row-id.js';
import { toLoadedUser, userRow } from './user-row.js';

export type LoadedUser = RequestInput<typeof profiles.loadUsers>['users'][number];
export type LoadedEvent = RequestInput<typeof profiles.loadEvents>['events'][number];

/** What a row asks for. `key`: whom or what it is about; a second row with it is a mistake. Null: it is about something of its own. */
export type ReadRow =
  | { readonly kind: 'users'; readonly key: string; readonly user: LoadedUser }
  | { readonly kind: 'events'; readonly key: string | null; readonly event: LoadedEvent }
  | { readonly kind: 'mistakes'; readonly code: string; readonly details: readonly FailureDetail[] }
  /** An empty line, or the last line of an export. */
  | { readonly kind: 'nothing' };

/** What is needed to read the rows of a file. */
export interface RowContext {
  job: Pick<operations.ImportJob, 'importId' | 'kind' | 'format' | 'createdAt'>;
  header: ImportHeader | null;
  declared: DeclaredTypes;
}

/** Whatever reads it further on does so by recursion. */
const mostDepth = 32;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads one row by itself. */
export function readRow(record: RawRecord, context: RowContext): ReadRow {
  const { job } = context;
  if (record.bytes === undefined) return malformed(`must not be longer than ${mostRecordBytes / 1024} KiB`);
  if (record.isOpen) return malformed('opens a quotation mark that is never closed');
  let text: string;
  try {
    text = decoder.decode(record.bytes);
  } catch {
    return malformed('is not valid UTF-8');
  }
  if (text.trim() === '') return { kind: 'nothing' };
  const value = job.format === 'csv' ? fromCells(text, context) : fromJson(text);
  if (typeof value === 'string') return malformed(value);
  if (isDeeperThan(mostDepth, value)) return malformed(`must not be nested more than ${mostDepth} deep`);
  // The mark that an export ends with.
  if (job.format === 'ndjson' && value['kind'] === 'end') return { kind: 'nothing' };
  for (const field of rowFields[job.kind].ignored) delete value[field];
  const newId = rowId(job, record.line);
  if (job.kind === 'users') return parsed(userRow, value, (row) => ({ kind: 'users', key: row.id, user: toLoadedUser(row, newId) }));
  return parsed(eventRow, value, (row) => ({ kind: 'events', key: row.id === undefined ? null : JSON.stringify([row.uid, row.id]), event: toLoadedEvent(row, newId) }));
}

function parsed<Row>(schema: z.ZodType<Row>, value: object, read: (row: Row) => ReadRow): ReadRow {
  const result = schema.safeParse(value);
  return result.success ? read(result.data) : { kind: 'mistakes', code: 'invalid-row', details: mistakesOf(result.error.issues, value) };
}

/** @returns the row, or what is wrong with it as a whole */
function fromCells(text: string, { header, declared }: RowContext): Record<string, unknown> | string {
  const { delimiter, columns } = header!;
  const cells = fieldsOf(text, delimiter);
  if (cells === undefined) return 'is not valid CSV: something follows a closing quotation mark';
  if (cells.length !== columns.length) return `has ${cells.length} fields, and the first line has ${columns.length}`;
  return objectOf(header!, cells, declared);
}

function fromJson(text: string): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What the parser says quotes the line.
    return 'is not valid JSON';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : 'must be a JSON object';
}

function malformed(message: string): ReadRow {
  return { kind: 'mistakes', code: 'malformed-row', details: [{ path: '', message }] };
}

function isDeeperThan(most: number, root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one as Record<string, unknown>) : []));
  }
  return false;
}
