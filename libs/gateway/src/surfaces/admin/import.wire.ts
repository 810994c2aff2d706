import { z } from 'zod';
import { operations } from '#libs/contracts';
import { wholeNumberMeta } from '../../http/whole-number.js';
import { projectParams } from './management.wire.js';

export const importParams = projectParams.extend({ import_id: z.string() });

const trueOrFalse = z.enum(['true', 'false'], { error: 'must be true or false' }).default('false').transform((text) => text === 'true');

export const createImportQuery = z.object({
  type: z.enum(operations.importKinds, { error: 'must be users or events' }).describe('What the rows are'),
  dry_run: trueOrFalse.describe('Write nothing: counts and errors are what they would be'),
});

export const importsQuery = z.object({
  cursor: z.uuid('must be `next_cursor` of the page before').optional().describe('`next_cursor` of the page before'),
  page_size: z.string().regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100').transform(Number).default(50).describe('1 to 100').meta(wholeNumberMeta(1, 100, 50)),
});

export const importObject = z.object({
  import_id: z.string(),
  type: z.enum(operations.importKinds),
  format: z.enum(operations.importFormats),
  dry_run: z.boolean(),
  state: z.enum(operations.importStates),
  error: z.string().nullable().describe('Why it failed: upload-broken-off'),
  bytes: z.number().int().describe('Of the file'),
  bytes_read: z.number().int().describe('How many of them have been written'),
  rows: z.number().int().describe('Read so far: neither empty lines nor the names of columns'),
  created: z.number().int(),
  updated: z.number().int().describe('Users who were there'),
  skipped: z.number().int().describe('Events that were there'),
  failed: z.number().int().describe('Rows with errors'),
  errors_left_out: z.number().int().describe('Rows whose errors are not kept: those after the first hundred thousand'),
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
});
export type ImportObject = z.output<typeof importObject>;

export function toImportObject(job: operations.ImportJob): ImportObject {
  const { importId, kind, format, dryRun, state, error, bytes, bytesRead, rows, created, updated, skipped, failed, errorsLeftOut, createdAt, startedAt, finishedAt } = job;
  return {
    import_id: importId, type: kind, format, dry_run: dryRun, state, error, bytes, bytes_read: bytesRead, rows, created, updated, skipped, failed, errors_left_out: errorsLeftOut,
    created_at: createdAt, started_at: startedAt, finished_at: finishedAt,
  };
}

/** What is no id is nobody's: the same 404 as an unknown one. */
export function importIdOf(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw operations.operationsErrors.failure('import-not-found', 'There is no such import.');
  return parsed.data.toLowerCase();
}
