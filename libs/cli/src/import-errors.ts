import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Api } from './api.js';
import { CommandFailure, unusableFile, type Terminal } from './command.js';

const mostTold = 10;

/** Says what was wrong with rows of an import. @param file takes all of it; undefined: the first are told on standard error */
export async function tellErrors(api: Api, path: string, file: string | undefined, terminal: Terminal): Promise<void> {
  const answer = await api.send('GET', path, { repeat: 'briefly' });
  const body = Readable.fromWeb(answer.body as never);
  if (file === undefined) await tellFirst(body, terminal);
  else await save(body, file);
}

async function save(body: Readable, file: string): Promise<void> {
  const out = createWriteStream(file);
  let writing: unknown;
  out.once('error', (error) => (writing = error));
  await pipeline(body, out).catch((error: unknown) => {
    throw writing === error ? unusableFile(file, 'written', error) : cutOff();
  });
}

async function tellFirst(body: Readable, terminal: Terminal): Promise<void> {
  let told = 0;
  try {
    for await (const text of createInterface({ input: body })) {
      const { kind, line, field, reason } = JSON.parse(text) as { kind?: string; line: number; field: string | null; reason: string };
      if (kind === 'end') return;
      if (told === mostTold) return void terminal.err('… and so on: --errors FILE takes all of them.\n');
      terminal.err(`line ${line}: ${field ?? 'the row'} ${reason}\n`);
      told += 1;
    }
  } catch {
    throw cutOff();
  } finally {
    body.destroy(); // which ends the request
  }
}

function cutOff(): CommandFailure {
  return new CommandFailure('The list of errors was cut off.', 5);
}
