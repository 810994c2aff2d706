import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { problemTexts, VerificationKeys, verifyChain, type ChainReport } from '#libs/platform/receipts';
import { UsageError, unusableFile, type Command, type ExitCode, type Terminal } from './command.js';
import { parseOptions } from './parse-options.js';

const help = `Usage: rollcall verify-receipt FILE --keys KEYS [options]

Verifies receipts of erasures: that each is as it was signed, and that none is missing between two of them.
It needs the public keys only, and asks nothing of a running Rollcall.

  FILE               a receipt, or several, one a line (NDJSON); - for standard input

  --keys KEYS        the public keys: a PEM file, a JWK or JWK set in a file, or the address of a JWK set
                     (https://…/.well-known/receipt-keys.json)
  --ends-with HASH   the last receipt must have this hash; so nothing was cut off after it
  --reformatted      accept other white space and order of keys than receipts are handed out with
  --json             answer in JSON
  --help

Exit codes: 0 all are valid, 1 one is not, 2 it could not be verified (usage, a file that can't be read).
`;

const options = {
  keys: { type: 'string' },
  'ends-with': { type: 'string' },
  reformatted: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const fetchMs = 10_000;

export const verifyReceiptCommand: Command = {
  name: 'verify-receipt',
  summary: 'verify receipts of erasures, with the public keys alone',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseOptions(args, options);
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Give one file, or - for standard input.');
    if (values.keys === undefined) throw new UsageError('Give the public keys with --keys: a file, or the address of the deployment’s key set.');
    const keys = await readKeys(values.keys, terminal);
    const content = await read(file, terminal);
    const report = verifyChain(content, keys, { reformatted: values.reformatted, endsWith: values['ends-with'] });
    await terminal.out(values.json ? `${JSON.stringify(inJson(report))}\n` : inWords(report));
    return report.valid ? 0 : 1;
  },
};

async function read(file: string, { stdin }: Pick<Terminal, 'stdin'>): Promise<Uint8Array> {
  if (file === '-') return buffer(stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw unusableFile(file, 'read', error);
  }
}

async function readKeys(source: string, terminal: Terminal): Promise<VerificationKeys> {
  const text = /^https?:\/\//.test(source) ? await fetched(source) : Buffer.from(await read(source, terminal)).toString('utf8');
  try {
    return VerificationKeys.parse(text);
  } catch (error) {
    throw new UsageError(`The keys of ${source} can't be used. ${(error as Error).message}`);
  }
}

async function fetched(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(fetchMs) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return await answer.text();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    throw new UsageError(`The keys can't be read from ${url}: ${cause?.code ?? message}.`);
  }
}

function inJson({ valid, receipts, first, last, lastHash, problem, at }: ChainReport): Record<string, unknown> {
  return { valid, receipts, first, last, last_hash: lastHash, ...(problem === undefined ? {} : { problem, at: at ?? null }) };
}

function inWords({ valid, receipts, first, last, lastHash, problem, at }: ChainReport): string {
  if (!valid) return `Not valid: ${at === undefined ? '' : `receipt ${at} of the file: `}${problemTexts[problem!]}.\n`;
  const start = first === 1 ? ', from the beginning of the chain' : '';
  const which = receipts === 1 ? `Receipt ${first} is valid` : `Receipts ${first} to ${last} are valid${start}, and none is missing between them`;
  return `${which}.\nHash of the last: ${lastHash}\n`;
}
