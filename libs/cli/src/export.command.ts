import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Api } from './api.js';
import { CommandFailure, exitCodesText, UsageError, unusableFile, type Command, type ExitCode, type Terminal } from './command.js';
import { connectionHelp, connectionOptions, parseOptions } from './parse-options.js';

const help = `Usage: rollcall export users|events [options]

Writes all users or events of a project, as NDJSON, to standard output. The last line counts the others ({"kind":"end","records":2}); an
import takes the same lines. An export that was cut off ends with code 5.

  --output FILE      write there; the file appears when it is whole
  --segment ID       only users in this segment
  --list ID          only users on this list
  --event NAME       only events of this name
  --from TIME        only events from this time on, ISO 8601
  --to TIME          only events before this time
  --json             answer in JSON: what was written to the file; and errors
${connectionHelp}  --help

${exitCodesText}`;

const options = { ...connectionOptions, output: { type: 'string' }, segment: { type: 'string' }, list: { type: 'string' }, event: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } } as const;
const shownEveryMs = 500;

export const exportCommand: Command = {
  name: 'export',
  summary: 'export all users or events',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseOptions(args, options);
    const [type, ...more] = positionals;
    if ((type !== 'users' && type !== 'events') || more.length > 0) throw new UsageError('Say users or events.');
    const api = await Api.open(values, terminal);
    const filter = { type, segment_id: values.segment, list_id: values.list, event: values.event, from: values.from, to: values.to };
    const query = new URLSearchParams(Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])));
    const answer = await api.send('GET', `/v1/admin/projects/${await api.projectId()}/exports?${query.toString()}`, { repeat: 'briefly' });
    const body = Readable.fromWeb(answer.body as never);
    if (values.output === undefined) await copy(body, (part) => terminal.out(part), terminal);
    else {
      const records = await toFile(values.output, body, terminal);
      await terminal.out(values.json ? `${JSON.stringify({ type, records, file: values.output })}\n` : `${records} ${type} in ${values.output}.\n`);
    }
    return 0;
  },
};

async function toFile(file: string, body: Readable, terminal: Terminal): Promise<number> {
  const part = `${file}.part`;
  const out = createWriteStream(part);
  const failed = new Promise<never>((_resolve, reject) => void out.once('error', (error) => reject(unusableFile(file, 'written', error))));
  try {
    const write = async () => {
      const records = await copy(body, async (bytes) => void (out.write(bytes) || (await once(out, 'drain'))), terminal);
      out.end();
      await finished(out);
      return records;
    };
    const records = await Promise.race([write(), failed]);
    await rename(part, file).catch((error: unknown) => {
      throw unusableFile(file, 'written', error);
    });
    return records;
  } catch (error) {
    body.destroy();
    out.destroy();
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Hands on what comes, and looks at its last line. @returns how many records there were. @throws CommandFailure when it was cut off */
async function copy(body: Readable, take: (bytes: Uint8Array) => void | Promise<void>, terminal: Terminal): Promise<number> {
  let lines = 0;
  let last: Buffer = Buffer.alloc(0);
  let shownAt = 0;
  try {
    for await (const part of body) {
      const bytes = Buffer.from(part as Uint8Array);
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
      // The mark is short: what comes before the last two hundred bytes can't be of it.
      last = Buffer.concat([last, bytes.subarray(-200)]).subarray(-200);
      await take(bytes);
      if (!terminal.isWatched || Date.now() - shownAt < shownEveryMs) continue;
      terminal.err(`\r${lines} lines `);
      shownAt = Date.now();
    }
  } catch {
    throw cutOff(lines);
  }
  if (terminal.isWatched) terminal.err('\r\u001b[K');
  const mark = /(?:^|\n)\{"kind":"end","records":(\d+)\}\n$/.exec(last.toString());
  if (mark === null || Number(mark[1]) !== lines - 1) throw cutOff(lines);
  return lines - 1;
}

function cutOff(lines: number): CommandFailure {
  return new CommandFailure(`The export was cut off after ${lines} lines: ask again.`, 5);
}
