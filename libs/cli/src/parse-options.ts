import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './command.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError that says what is wrong with them */
export function parseOptions<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What every command takes that asks a running Rollcall. */
export const connectionOptions = {
  url: { type: 'string' },
  project: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const satisfies Options;

export const connectionHelp = `  --project PROJECT  slug or id; else ROLLCALL_PROJECT, or the one of the login
  --url URL          of Rollcall; else ROLLCALL_URL, or the one of the login
`;

/** An id that something in a path or a command is meant by. */
export const isId = (text: string) => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);

/** What can be said in a header: visible ASCII. */
export const isHeaderText = (text: string) => /^[\x21-\x7e]+$/.test(text);
