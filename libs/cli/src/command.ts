import type { Readable } from 'node:stream';
import type { ConfigValues } from '#libs/platform/config';
import type { cliConfig } from './cli.config.js';

/** Where a command reads and writes; the process's own, or a spec's. */
export interface Terminal {
  stdin: Readable;
  /** Standard output. Whoever writes much waits for it. */
  out(text: string | Uint8Array): void | Promise<void>;
  err(text: string): void;
  /** Whether somebody watches standard error: progress is shown to nobody else. */
  isWatched: boolean;
  /** Asks whoever sits there; undefined: nobody does. @param hidden what they type is not shown */
  ask?: (question: string, hidden: boolean) => Promise<string>;
  environment: ConfigValues<typeof cliConfig>;
}

/**
 * 0: yes, done. 1: no, and that is the answer. 2: it could not be asked, because of how it was called or of a file that can't be read or
 * written. 3: nobody is logged in, or they may not. 4: Rollcall refuses the request. 5: Rollcall is out of reach, or broke off.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5;

export const exitCodesText = `Exit codes: 0 done, 1 the answer is no (nobody found, rows failed), 2 usage or a file that can't be used,
3 not logged in or not permitted, 4 refused by Rollcall, 5 out of reach or broken off.
`;

/** One command of `rollcall`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` shows. */
  readonly help: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** What Rollcall said besides the sentence, for scripts. */
export interface FailureFacts {
  /** One of Rollcall's error codes. */
  code?: string | undefined;
  requestId?: string | undefined;
  errors?: readonly { path: string; message: string }[] | undefined;
}

/** What ends a command with one sentence. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly exitCode: Exclude<ExitCode, 0>,
    readonly facts: FailureFacts = {},
  ) {
    super(message);
  }
}

/** What ends a command with code 2: it was called in a wrong way. */
export class UsageError extends CommandFailure {
  constructor(message: string) {
    super(message, 2);
  }
}

/** What ends a command with code 2: a file that it was given can't be used. @param wish `read` or `written` */
export function unusableFile(file: string, wish: 'read' | 'written', error: unknown): CommandFailure {
  return new CommandFailure(`${file} can't be ${wish} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, 2);
}
