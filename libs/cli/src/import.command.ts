import { createReadStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Api } from './api.js';
import { exitCodesText, UsageError, type Command, type ExitCode, type Terminal } from './command.js';
import { isOver, waitForImport, wordsOf, type ImportJob } from './import-job.js';
import { connectionHelp, connectionOptions, parseOptions } from './parse-options.js';

const help = `Usage: rollcall import users|events FILE [options]

Imports users or events from a file of any size: JSON objects, one a line, or CSV. - reads standard input. The command waits until the rows are
written; they are written whether it waits or not.

  --format FORMAT    ndjson or csv; else by the end of the file's name, else ndjson
  --dry-run          write nothing, and say what would become of each row
  --errors FILE      write what was wrong with rows there, as NDJSON; else the first ten are told on standard error
  --no-wait          do not wait: the answer is the import that waits for its turn
  --key KEY          an Idempotency-Key: the same file sent again under it is the same import, for a day
  --json             answer in JSON
${connectionHelp}  --help

${exitCodesText}`;

const options = { ...connectionOptions, format: { type: 'string' }, 'dry-run': { type: 'boolean', default: false }, errors: { type: 'string' }, 'no-wait': { type: 'boolean', default: false }, key: { type: 'string' } } as const;
const types: Readonly<Record<string, string>> = { ndjson: 'application/x-ndjson', csv: 'text/csv' };
const mostTold = 10;

export const importCommand: Command = {
  name: 'import',
  summary: 'import users or events from a file',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseOptions(args, options);
    const [what, file, ...more] = positionals;
    if ((what !== 'users' && what !== 'events') || file === undefined || more.length > 0) throw new UsageError('Say users or events, and one file, or - for standard input.');
    const type = types[values.format ?? (/\.csv$/i.test(file) ? 'csv' : 'ndjson')];
    if (type === undefined) throw new UsageError('The format is ndjson or csv.');
    const api = await Api.open(values, terminal);
    const imports = `/v1/admin/projects/${await api.projectId()}/imports`;
    const source = file === '-' ? terminal.stdin : await opened(file);
    const headers = { 'content-type': type, ...(values.key === undefined ? {} : { 'idempotency-key': values.key }) };
    const sent = await api.json<ImportJob>('POST', `${imports}?type=${what}&dry_run=${values['dry-run']}`, { headers, body: Readable.toWeb(source) as ReadableStream<Uint8Array> });
    const job = values['no-wait'] ? sent : await waitForImport(api, imports, sent, terminal);
    await terminal.out(values.json ? `${JSON.stringify(job)}\n` : wordsOf(job));
    if (!isOver(job)) return 0;
    if (job.failed > 0) await tellErrors(api, `${imports}/${job.import_id}/errors`, values.errors, terminal);
    return job.state === 'done' && job.failed === 0 ? 0 : 1;
  },
};

async function opened(file: string): Promise<Readable> {
  try {
    const handle = await open(file, 'r');
    if ((await handle.stat()).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    await handle.close();
  } catch (error) {
    throw new UsageError(`${file} can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
  return createReadStream(file);
}

async function tellErrors(api: Api, path: string, file: string | undefined, terminal: Terminal): Promise<void> {
  const answer = await api.send('GET', path);
  const body = Readable.fromWeb(answer.body as never) as Readable;
  if (file !== undefined) {
    await writeFile(file, body).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${file} can't be written (${error.code ?? 'unknown'}).`);
    });
    return;
  }
  const first: string[] = [];
  let rest = '';
  for await (const part of body) {
    const lines = (rest + String(part)).split('\n');
    rest = lines.pop() ?? '';
    first.push(...lines.slice(0, mostTold - first.length));
    if (first.length === mostTold) break; // which closes the connection
  }
  for (const line of first) {
    const { kind, line: at, field, reason } = JSON.parse(line) as { kind?: string; line: number; field: string | null; reason: string };
    if (kind === undefined) terminal.err(`line ${at}: ${field === null ? 'the row' : field} ${reason}\n`);
  }
  if (first.length === mostTold) terminal.err('… and so on: --errors FILE has all of them.\n');
}
