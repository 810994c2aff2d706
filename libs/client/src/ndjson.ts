import { RollcallError } from './rollcall-error.js';

/** The values of an answer in NDJSON, one a line, as they come. Leaving the loop ends the request. */
export async function* linesOf(endpoint: string, response: Response): AsyncGenerator<unknown, void, undefined> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new RollcallError({ endpoint, status: 0, code: 'network-error', message: `${endpoint} broke off in the middle of its answer.`, cause: error });
      });
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield parse(endpoint, line);
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Without the line that counts them, which has to come last. */
export async function* recordsOf(endpoint: string, lines: AsyncIterable<unknown>): AsyncGenerator<Record<string, unknown>, void, undefined> {
  let records = 0;
  let counted: unknown;
  for await (const line of lines) {
    const record = line as Record<string, unknown>;
    if (record['kind'] === 'end') counted = record['records'];
    else {
      records += 1;
      yield record;
    }
  }
  if (counted !== records) throw new RollcallError({ endpoint, status: 0, code: 'answer-cut-off', message: `${endpoint} was cut off after ${records} records.` });
}

function parse(endpoint: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new RollcallError({ endpoint, status: 0, code: 'answer-unreadable', message: `${endpoint} answered a line that is not JSON.`, cause: error });
  }
}
