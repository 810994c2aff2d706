import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { operations, systemActor } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { eventually } from '#libs/platform/testing';
import { WorkersApp } from '../spec-support/workers-app.js';
import { EraseFromImports } from './erase-from-imports.js';
import { SweepImports } from './sweep-imports.js';

let app: WorkersApp;
beforeAll(async () => {
  app = await WorkersApp.start({ environment: { IMPORT_MAX_MB: '1', RPC_DEADLINE_MS: '20000' } });
});
afterEach(() => {
  app.loading.hold = undefined;
  app.loading.unanswered = 0;
});

interface Order {
  kind?: 'users' | 'events';
  format?: 'ndjson' | 'csv';
  dryRun?: boolean;
  projectId?: string;
  /** Of a part of the file. */
  size?: number;
}
type Which = { projectId: string; importId: string };

async function upload(text: string, { kind = 'users', format = 'ndjson', dryRun = false, projectId = uuidv7(), size = 100_000 }: Order = {}): Promise<Which> {
  const which = { projectId, importId: uuidv7() };
  await app.call(operations.beginImport, { ...which, kind, format, dryRun, actor: systemActor });
  const file = Buffer.from(text);
  for (let offset = 0; offset < file.length; offset += size) await app.call(operations.appendToImport, { ...which, offset, part: file.subarray(offset, offset + size).toString('base64') });
  return which;
}
const submit = (which: Which, text: string) => app.call(operations.submitImport, { ...which, bytes: Buffer.byteLength(text), actor: systemActor });
async function send(text: string, order: Order = {}): Promise<Which> {
  const which = await upload(text, order);
  await submit(which, text);
  return which;
}
const get = (which: Which) => app.call(operations.getImport, which);
const done = (which: Which) => eventually(async () => {
  const job = await get(which);
  if (job.finishedAt === null) throw new Error(`it is ${job.state} at ${job.bytesRead}`);
  return job;
}, 90_000);
const imported = async (text: string, order: Order = {}) => done(await send(text, order));
async function errorsOf(which: Which): Promise<operations.ImportError[]> {
  const errors: operations.ImportError[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { errors: operations.ImportError[]; next: number | null } = await app.call(operations.readImportErrors, { ...which, after });
    errors.push(...page.errors);
    after = page.next;
  }
  return errors;
}
async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'none', (error: unknown) => (isFailure(error) ? error.value.code : String(error)));
}
const rows = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${JSON.stringify({ id: `${prefix}${n}` })}\n`).join('');
const left = async ({ importId }: Which) => (await Promise.all(['import_parts', 'import_keys'].map((table) => app.query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${table} WHERE import_id = $1`, [importId])))).map(([row]) => row!.n);

describe('an import', () => {
  it('writes each row for itself, says what was wrong with the others, and is the same when it is only tried', async () => {
    app.loading.erased.add('gone');
    app.loading.users.set('known', uuidv7());
    const text = `{"id":"a1"}\n{"id":"known"}\n{"id":"gone"}\n{"id":"b b"}\n\n{"id":"a1"}\nnonsense\n{"id":"a2","colour":"red"}\n{"id":"a3"}`;
    const tried = await send(text, { dryRun: true });
    const dry = await done(tried);
    expect(app.loading.users.has('a1')).toBe(false);
    const real = await send(text, { size: 40 });
    expect(await done(real)).toMatchObject({ state: 'done', rows: 8, created: 2, updated: 1, failed: 5, skipped: 0, bytes: Buffer.byteLength(text), bytesRead: Buffer.byteLength(text) });
    const counts = ({ rows: all, created, updated, skipped, failed }: operations.ImportJob) => ({ all, created, updated, skipped, failed });
    expect(counts(dry)).toEqual(counts(await get(real)));
    const errors = await errorsOf(real);
    expect(errors.map(({ line, field, code }) => [line, field, code])).toEqual([[3, 'id', 'user-erased'], [4, 'id', 'invalid-row'], [6, 'id', 'repeated-row'], [7, null, 'malformed-row'], [8, 'colour', 'invalid-row']]);
    expect(await errorsOf(tried)).toEqual(errors);
    await eventually(async () => expect(await left(real)).toEqual([0, 0]));
  });

  it('of CSV reads cells by the types of custom fields, and refuses wrong columns before anything else comes', async () => {
    app.loading.fields = [{ name: 'age', type: 'number', label: 'Age' }];
    expect(await imported('\ufeffid;attributes.age\r\nc1;36\r\nc2;x;y\r\n"c3";""', { format: 'csv' })).toMatchObject({ state: 'done', rows: 3, created: 2, failed: 1 });
    expect(await failure(upload('mail,name\n', { format: 'csv' }))).toBe('import-file-refused');
  });

  it('of events counts those that were there, and gives those without an id one of their own', async () => {
    const text = '{"uid":"u","event":"Paid","id":"e1"}\n{"uid":"u","event":"Paid"}\n{"uid":"u","event":"Paid","id":"e1"}\n';
    expect(await imported(text, { kind: 'events' })).toMatchObject({ created: 2, failed: 1 });
    expect(await imported(text, { kind: 'events' })).toMatchObject({ created: 1, skipped: 1, failed: 1 });
  });

  it('goes on where another left it, without doubling what was written and never noted', async () => {
    app.loading.unanswered = 3;
    app.loading.batches.length = 0;
    const which = await send(rows(1_700, 'k'));
    expect(await done(which)).toMatchObject({ rows: 1_700, created: 1_700, updated: 0, failed: 0 });
    expect(app.loading.batches).toEqual([500, 500, 500, 200]);
  });

  it('leaves out a row that nobody foresaw, and writes the others', async () => {
    app.loading.poison.add('p7');
    const which = await send(rows(40, 'p'));
    expect(await done(which)).toMatchObject({ created: 39, failed: 1 });
    expect(await errorsOf(which)).toEqual([{ line: 8, field: null, code: 'internal-error', reason: 'could not be written' }]);
  });

  it('waits for those of its project that came before it, and is cancelled for good', async () => {
    let letGo = () => {};
    app.loading.hold = new Promise<void>((resolve) => (letGo = resolve));
    const projectId = uuidv7();
    const [first, second] = [await send(rows(900, 'w'), { projectId }), await send(rows(3, 'v'), { projectId })];
    await eventually(async () => expect((await get(first)).state).toBe('running'));
    expect((await get(second)).state).toBe('waiting');
    const cancelled = await app.call(operations.cancelImport, { ...first, actor: systemActor });
    expect(cancelled.state).toBe('cancelled');
    letGo();
    app.loading.hold = undefined;
    expect(await done(second)).toMatchObject({ state: 'done', created: 3 });
    expect(await app.call(operations.cancelImport, { ...first, actor: systemActor })).toMatchObject({ state: 'cancelled' });
    expect(await failure(app.call(operations.cancelImport, { ...second, actor: systemActor }))).toBe('import-finished');
    // What was under way when it was cancelled is counted, and nothing more is written.
    await eventually(async () => expect([(await get(first)).created, app.loading.users.has('w499'), app.loading.users.has('w500')]).toEqual([500, true, false]));
    expect((await app.call(operations.listImports, { projectId, limit: 1 })).imports.map(({ importId }) => importId)).toEqual([second.importId]);
    const { imports } = await app.call(operations.listImports, { projectId, limit: 1, before: second.importId });
    expect(imports.map(({ importId }) => importId)).toEqual([first.importId]);
    const actions = await app.query<{ action: string }>('SELECT entry_id, action FROM audit_entries WHERE project_id = $1 UNION SELECT entry_id, action FROM audit_log WHERE project_id = $1', [projectId]);
    expect(actions.map(({ action }) => action).sort()).toEqual(['import.cancelled', 'import.started', 'import.started']);
  });

  it('is nobody’s under another project, and takes no more than a project and a file may have', async () => {
    const which = await send(rows(1, 'n'));
    for (const message of [operations.getImport, operations.readImportErrors] as const) expect(await failure(app.call(message, { projectId: uuidv7(), importId: which.importId, after: 0 }))).toBe('import-not-found');
    expect(await failure(app.call(operations.cancelImport, { projectId: uuidv7(), importId: which.importId, actor: systemActor }))).toBe('import-not-found');
    expect(await failure(upload(rows(70_000, 'too-large')))).toBe('import-too-large');
    expect(await failure(send(''))).toBe('import-file-refused');
    const projectId = uuidv7();
    for (let n = 0; n < 20; n += 1) await upload('{}', { projectId });
    expect(await failure(upload('{}', { projectId }))).toBe('too-many-imports');
  });

  it('is refused while files of all projects take the room there is, and taken when they are gone', async () => {
    const full = await WorkersApp.start({ environment: { IMPORT_MAX_MB: '1', IMPORT_SPOOL_MAX_MB: '1' } });
    const begin = (which: Which) => full.call(operations.beginImport, { ...which, kind: 'users', format: 'ndjson', dryRun: false, actor: systemActor });
    const append = (which: Which, offset: number) => full.call(operations.appendToImport, { ...which, offset, part: Buffer.alloc(operations.importPartBytes, ' ').toString('base64') });
    const [first, second, third] = [0, 1, 2].map(() => ({ projectId: uuidv7(), importId: uuidv7() })) as [Which, Which, Which];
    for (const which of [first, second]) {
      await begin(which);
      await append(which, 0);
    }
    expect(await failure(append(second, operations.importPartBytes))).toBe('imports-full');
    expect(await failure(begin(third))).toBe('imports-full');
    await full.call(operations.abandonImport, first);
    await eventually(() => begin(third));
    await append(second, operations.importPartBytes);
    expect(await failure(append(third, 0))).toBe('imports-full');
  });

  it('is not given up while it is just being submitted', async () => {
    const which = await upload('{"id":"just-submitted"}\n');
    await app.query('BEGIN');
    await app.query(`UPDATE imports SET state = 'waiting', submitted_at = now() WHERE import_id = $1`, [which.importId]);
    const abandoned = app.call(operations.abandonImport, which);
    await eventually(async () => expect(await app.query('SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid')).toHaveLength(1));
    await app.query('COMMIT');
    await abandoned;
    await app.provider(SweepImports).requeue('r');
    expect(await done(which)).toMatchObject({ state: 'done', created: 1 });
  });

  it('is gone with its file when it is given up before', async () => {
    const which = await upload('{"id":"given-up"}\n');
    await app.call(operations.abandonImport, which);
    expect(await left(which)).toEqual([0, 0]);
    expect(await failure(get(which))).toBe('import-not-found');
    expect(await failure(submit(which, '{"id":"given-up"}\n'))).toBe('import-not-found');
  });

  it('whose file breaks off is given up, and lies nowhere in the clear', async () => {
    const which = await upload('{"id":"canary-in-the-file"}\n');
    // The same part again, as a request that was not answered is repeated.
    await app.call(operations.appendToImport, { ...which, offset: 0, part: Buffer.from('{"id":"canary-in-the-file"}\n').toString('base64') });
    const [part] = await app.query<{ sealed: Buffer }>('SELECT sealed FROM import_parts WHERE import_id = $1', [which.importId]);
    expect(part!.sealed.includes('canary')).toBe(false);
    const waits = failure(app.provider(EraseFromImports).erase(which.projectId, new Date(Date.now() + 60_000).toISOString()));
    expect(await waits).toBe('service-unavailable');
    await expect(app.provider(EraseFromImports).erase(which.projectId, '2020-01-01T00:00:00.000Z')).resolves.toEqual({});
    await app.query(`UPDATE imports SET received_at = now() - interval '1 hour' WHERE import_id = $1`, [which.importId]);
    await app.provider(SweepImports).clear();
    expect(await get(which)).toMatchObject({ state: 'failed', error: 'upload-broken-off' });
    expect(await left(which)).toEqual([0, 0]);
    await expect(app.provider(EraseFromImports).erase(which.projectId, new Date(Date.now() + 60_000).toISOString())).resolves.toEqual({});
    expect(await failure(submit(which, '{"id":"canary-in-the-file"}\n'))).toBe('import-not-open');
    await app.query(`UPDATE imports SET finished_at = now() - interval '31 days' WHERE import_id = $1`, [which.importId]);
    await app.provider(SweepImports).trim();
    expect(await failure(get(which))).toBe('import-not-found');
  });
});
