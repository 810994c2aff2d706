import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandFailure, type Terminal } from './command.js';

/** What `rollcall login` keeps: where, and as whom. */
export interface Credentials {
  url: string;
  project?: string;
  apiKey?: string;
  session?: { accessToken: string; /** Seconds since the epoch. */ expiresAt: number; refreshToken: string };
}

/** The file that only its owner can read. */
export class CredentialsFile {
  readonly path: string;

  constructor({ environment: { XDG_CONFIG_HOME, HOME } }: Pick<Terminal, 'environment'>) {
    const folder = XDG_CONFIG_HOME ?? (HOME === undefined ? undefined : join(HOME, '.config'));
    if (folder === undefined) throw new CommandFailure('There is no home folder to keep credentials in: set HOME or XDG_CONFIG_HOME.', 2);
    this.path = join(folder, 'rollcall', 'credentials.json');
  }

  async read(): Promise<Credentials | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Credentials;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new CommandFailure(`${this.path} can't be used (${(error as NodeJS.ErrnoException).code ?? 'it is no JSON'}): log in again.`, 2);
    }
  }

  /** As a whole or not at all: another command may be reading it. */
  async write(credentials: Credentials): Promise<void> {
    const next = `${this.path}.${process.pid}`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFile(next, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
      await rename(next, this.path);
    } catch (error) {
      throw new CommandFailure(`${this.path} can't be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, 2);
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
