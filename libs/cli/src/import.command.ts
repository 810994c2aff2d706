import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Api } from './api.js';
import { CommandFailure, exitCodesText, UsageError, unusableFile, type Command, type ExitCode } from './command.js';
import { tellErrors } from './import-errors.js';
import { isOver, waitForImport, wordsOf, type ImportJob } from './import-job.js';
import { connectionHelp, connectionOptions, isHeaderText, parseOptions } from './parse-options.js';

const help = `Usage: rollcall import users|events FILE [options]

Imports users or events from a file of any size: JSON objects, one a line, or CSV. - reads standard input. The command waits until the rows are
written; they are written whether it waits or not. A file whose sending broke off is sent again.

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
    if (values.key !== undefined && !isHeaderText(values.key)) throw new UsageError('The key is of letters, digits and signs, without spaces.');
    const api = await Api.open(values, terminal);
    if (file !== '-') await check(file);
    const imports = `/v1/admin/projects/${await api.projectId()}/imports`;
    // Under a key, sending it twice is importing it once.
    const headers = { 'content-type': type, 'idempotency-key': values.key ?? randomUUID() };
    const body = () => webStream(file === '-' ? terminal.stdin : createReadStream(file), file);
    const sent = await api.json<ImportJob>('POST', `${imports}?type=${what}&dry_run=${values['dry-run']}`, { headers, body, ...(file === '-' ? {} : { repeat: 'patiently' as const }) });
    const job = values['no-wait'] ? sent : await waitForImport(api, imports, sent, terminal);
    await terminal.out(values.json ? `${JSON.stringify(job)}\n` : wordsOf(job));
    if (!isOver(job)) return 0;
    if (job.failed > 0 || values.errors !== undefined) await tellErrors(api, `${imports}/${job.import_id}/errors`, values.errors, terminal);
    return job.state === 'done' && job.failed === 0 ? 0 : 1;
  },
};

/** What can't be read is better known before somebody is asked to take it. */
async function check(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r');
    const isFolder = (await handle.stat()).isDirectory();
    await handle.close();
    if (isFolder) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw unusableFile(file, 'read', error);
  }
}

/** A failure of the source is told as one of it, not of the network. */
function webStream(source: Readable, file: string): ReadableStream<Uint8Array> {
  const parts = async function* () {
    try {
      for await (const part of source) yield part as Uint8Array;
    } catch (error) {
      throw error instanceof CommandFailure ? error : unusableFile(file === '-' ? 'Standard input' : file, 'read', error);
    }
  };
  return Readable.toWeb(Readable.from(parts(), { objectMode: false })) as ReadableStream<Uint8Array>;
}
