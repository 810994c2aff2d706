import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailure, unusableFile, type Terminal } from './command.js';

/** What `rollcall login` keeps: where, and as whom. */
export interface Credentials {
  url: string;
  /** Which login wrote it. What was kept of another one is somebody else's, also at the same address. */
  login?: string;
  project?: string;
  apiKey?: string;
  session?: { accessToken: string; /** Seconds since the epoch. */ expiresAt: number; refreshToken: string };
}

/** Nobody holds the file for so long: whoever does was killed. */
const staleMs = 60_000;
/** What is asked of Rollcall while the file is held is answered by then, or given up. */
export const heldMs = 20_000;

/** The file that only its owner can read. */
export class CredentialsFile {
  readonly path: string;

  constructor({ environment: { XDG_CONFIG_HOME } }: Pick<Terminal, 'environment'>) {
    this.path = join(XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'rollcall', 'credentials.json');
  }

  async read(): Promise<Credentials | undefined> {
    try {
      const kept = JSON.parse(await readFile(this.path, 'utf8')) as Credentials | null;
      if (typeof kept?.url === 'string') return kept;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (code !== undefined) throw unusableFile(this.path, 'read', error);
    }
    throw new CommandFailure(`${this.path} is not what a login writes: log in again.`, 2);
  }

  /** As a whole or not at all: another command may be reading it. */
  async write(credentials: Credentials): Promise<void> {
    const next = `${this.path}.${process.pid}`;
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await rm(next, { force: true }); // else it kept the mode of before
      await writeFile(next, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      await rename(next, this.path);
    } catch (error) {
      throw unusableFile(this.path, 'written', error);
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** Does something while no other command does: a session that two renew at once ends, and a renewal must not write over a login or a logout. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = `${this.path}.lock`;
    while (!(await this.lock(lock))) await delay(50);
    try {
      return await work();
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }

  private async lock(lock: string): Promise<boolean> {
    try {
      await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
      await mkdir(lock);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusableFile(lock, 'written', error);
      const since = await stat(lock).then(({ mtimeMs }) => mtimeMs, () => undefined);
      if (since !== undefined && Date.now() - since > staleMs) await rm(lock, { recursive: true, force: true });
      return false;
    }
  }
}
