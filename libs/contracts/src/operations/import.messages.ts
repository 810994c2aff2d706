import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';

export const importKinds = ['users', 'events'] as const;
export const importFormats = ['ndjson', 'csv'] as const;
/**
 * `uploading`: the file is still coming. `waiting`: it is there, and those of the project that came before have their turn.
 * `failed`: it could not be read to its end.
 */
export const importStates = ['uploading', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const;

/** Rows of a file: neither empty lines nor the line with the names of columns. */
const counts = {
  rows: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  /** Events that were there before, by their ids. */
  skipped: z.number().int(),
  failed: z.number().int(),
};

export const importJob = z.object({
  importId: id,
  kind: z.enum(importKinds),
  format: z.enum(importFormats),
  /** Nothing is written; counts and errors are what they would be. */
  dryRun: z.boolean(),
  state: z.enum(importStates),
  /** Why it failed: `upload-broken-off`, `file-unreadable`. */
  error: z.string().nullable(),
  /** Bytes of the file, and how many of them have been read. */
  bytes: z.number().int(),
  bytesRead: z.number().int(),
  ...counts,
  /** Rows whose errors are not kept, since there are too many of them. */
  errorsLeftOut: z.number().int(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
});
export type ImportJob = z.output<typeof importJob>;

/** Of a part of a file: what a message holds well, also in base64. */
export const importPartBytes = 512 * 1024;

const which = { projectId: id, importId: id };

/** Makes a place for a file that is about to come. `too-many-imports`: of the project there are as many unfinished ones as there may be; `imports-full`: of all projects as much has come and is not written yet. */
export const beginImport = defineMessage({
  subject: 'operations.import.begin',
  request: z.object({ ...which, kind: z.enum(importKinds), format: z.enum(importFormats), dryRun: z.boolean(), actor }),
  response: z.object({ /** A larger file is refused. */ mostBytes: z.number().int() }),
  errors: ['too-many-imports', 'imports-full'],
});

/**
 * The next part of the file, which begins at `offset`; the same one again does nothing. `import-file-refused`: the names of
 * columns are wrong, and `details` say which; `import-too-large`; `import-not-open`: the file was complete, or given up.
 */
export const appendToImport = defineMessage({
  subject: 'operations.import.append',
  request: z.object({ ...which, offset: z.number().int().nonnegative(), /** In base64. */ part: z.string().max((importPartBytes / 3) * 4 + 4) }),
  response: z.object({}),
  errors: ['import-not-found', 'import-not-open', 'import-too-large', 'import-file-refused', 'imports-full'],
});

/** The file is complete: it waits for its turn. Under an idempotency key that was used before, the import of then is answered, and this one is gone. */
export const submitImport = defineMessage({
  subject: 'operations.import.submit',
  request: z.object({ ...which, bytes: z.number().int().nonnegative(), actor }),
  response: importJob,
  errors: ['import-not-found', 'import-not-open', 'import-file-refused'],
});

/** The file will not be complete. What there is of it is removed. */
export const abandonImport = defineMessage({ subject: 'operations.import.abandon', request: z.object(which), response: z.object({}) });

/** The newest first. `before`: the last one of the page before. */
export const listImports = defineMessage({
  subject: 'operations.import.list',
  request: z.object({ projectId: id, limit: z.number().int().min(1).max(100), before: id.optional() }),
  response: z.object({ imports: z.array(importJob), nextBefore: id.nullable() }),
});

export const getImport = defineMessage({ subject: 'operations.import.get', request: z.object(which), response: importJob, errors: ['import-not-found'] });

/** Nothing more is written of it; what was written stays. One that is cancelled already is answered as it is. */
export const cancelImport = defineMessage({ subject: 'operations.import.cancel', request: z.object({ ...which, actor }), response: importJob, errors: ['import-not-found', 'import-finished'] });

export const importError = z.object({
  /** Where the row begins, from 1. */
  line: z.number().int(),
  /** In the words of the file: `email`, `attributes.plan`. Null: the row as a whole. */
  field: z.string().nullable(),
  code: z.string(),
  /** The rest of a sentence that begins with the field; never a value. */
  reason: z.string(),
});
export type ImportError = z.output<typeof importError>;

/** Mistakes in the order of the file, some at a time. */
export const readImportErrors = defineMessage({
  subject: 'operations.import.errors',
  request: z.object({ ...which, after: z.number().int().nonnegative() }),
  /** `next`: `after` of the next page; null: that was all there is so far. */
  response: z.object({ errors: z.array(importError), next: z.number().int().nullable() }),
  errors: ['import-not-found'],
});
