import type { Readable } from 'node:stream';

/** Where a command reads and writes; the process's own, or a spec's. */
export interface Terminal {
  stdin: Readable;
  out(text: string): void;
  err(text: string): void;
}

/** 0: yes, done. 1: no, and that is the answer. 2: it could not be asked, because of how it was called or of what could not be read. */
export type ExitCode = 0 | 1 | 2;

/** One command of `rollcall`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` shows. */
  readonly help: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** What ends a command with code 2 and one sentence. */
export class UsageError extends Error {}
