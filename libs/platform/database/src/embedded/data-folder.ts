import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { userInfo } from 'node:os';
import { StartupError } from '#libs/platform/errors';
import { identifyProcess, isSameProcessRunning, type ProcessIdentity } from './process-identity.js';

export interface DataFolderClaim {
  /** Absolute path of the folder. */
  readonly path: string;
  /** Tells the next one who tries the folder where we answer. */
  announce(url: string): Promise<void>;
  /** Gives the folder back; harmless when called twice. */
  release(): Promise<void>;
}

interface Claim extends ProcessIdentity {
  id: string;
  url?: string;
  released?: boolean;
}

/**
 * Creates the data folder where it is missing and claims it for this process, so that no second Rollcall works on it.
 * A claim whose process is gone, after `kill -9` or a power cut, is taken over.
 *
 * A claim is a file `lock/<number>` that appears with its content in one step (a hard link), and the highest number
 * counts. Who finds it given back or its process gone makes the next number, which succeeds for one process only, and
 * then checks that nobody went further meanwhile. The highest file is never removed, only replaced, so that numbers
 * don't repeat: that is what makes two starts at the same moment safe.
 *
 * @throws StartupError when the folder can't be made or written, or another process holds it
 */
export async function claimDataFolder(dataDir: string): Promise<DataFolderClaim> {
  const path = resolve(dataDir);
  const lock = join(path, 'lock');
  try {
    await makeFolder(path);
    await mkdirUnlessThere(lock, 0o700);
    return await claim(path, lock);
  } catch (error) {
    throw explain(error, path);
  }
}

async function claim(path: string, lock: string): Promise<DataFolderClaim> {
  const mine: Claim = { id: randomUUID(), ...(identifyProcess(process.pid) ?? { pid: process.pid }) };
  const draft = join(lock, `draft-${mine.id}`);
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      const highest = await highestNumber(lock);
      if (highest > 0) {
        const holder = await readClaim(join(lock, String(highest)));
        if (holder === undefined) continue; // somebody went further and removed it
        if (!holder.released && isSameProcessRunning(holder)) throw inUse(path, holder);
      }
      const number = highest + 1;
      const file = join(lock, String(number));
      if (!(await linkUnlessThere(draft, file))) continue;
      if ((await highestNumber(lock)) !== number) {
        await rm(file, { force: true });
        continue;
      }
      await removeOlder(lock, number);
      return held(path, lock, file, mine);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function held(path: string, lock: string, file: string, mine: Claim): DataFolderClaim {
  let released = false;
  const replace = async (claim: Claim) => {
    const draft = join(lock, `draft-${randomUUID()}`);
    await writeFile(draft, JSON.stringify(claim), { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  };
  return {
    path,
    async announce(url) {
      if (!released) await replace({ ...mine, url });
    },
    async release() {
      if (released) return;
      released = true;
      // A folder that was deleted under us needs no giving back.
      await replace({ ...mine, released: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    },
  };
}

/**
 * Makes the folder and its missing parents for this user alone. Root's are open to pass through (not to list), since
 * Postgres runs as another user below them; every secret inside has its own 0600.
 */
async function makeFolder(path: string): Promise<void> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  const missing: string[] = [];
  // Not mkdir's own `recursive`: where a parent takes no folders at all (/proc) it never returns.
  for (let folder = path; !(await isThere(folder)); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    if (await mkdirUnlessThere(folder, mode)) await chmod(folder, mode); // whatever the umask is
  }
  if (!(await stat(path)).isDirectory()) throw new StartupError(`The data folder ${path} is a file: set ROLLCALL_DATA_DIR to a folder.`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function mkdirUnlessThere(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function highestNumber(lock: string): Promise<number> {
  return (await readdir(lock)).reduce((highest, name) => (/^\d+$/.test(name) ? Math.max(highest, Number(name)) : highest), 0);
}

async function readClaim(file: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Claim;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // A power cut can leave an empty file where its name was written before its content: nobody's.
    if (error instanceof SyntaxError) return { id: '', pid: 0, released: true };
    throw error;
  }
}

async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Earlier numbers, and drafts that a killed process left behind. A draft in use is at most seconds old. */
async function removeOlder(lock: string, number: number): Promise<void> {
  for (const name of await readdir(lock)) {
    const file = join(lock, name);
    const outdated = /^\d+$/.test(name) ? Number(name) < number : await isOld(file);
    if (outdated) await rm(file, { force: true });
  }
}

async function isOld(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > 60_000;
}

function inUse(path: string, holder: Claim): StartupError {
  const where = holder.url === undefined ? '' : ` at ${holder.url}`;
  return new StartupError(`The data folder ${path} is in use by the Rollcall with process id ${holder.pid}${where}: stop that one, or set ROLLCALL_DATA_DIR to another folder.`);
}

/** Turns what the file system says into a sentence that says what to do. */
function explain(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': {
      const reason = code === 'EROFS' ? 'is on a read-only file system' : `can't be written by the user ${userName()}`;
      return new StartupError(`The data folder ${path} ${reason}: set ROLLCALL_DATA_DIR to a folder that can be written.`);
    }
    case 'ENOTDIR':
      return new StartupError(`The data folder ${path} can't be made, since a part of its path is a file: set ROLLCALL_DATA_DIR to a folder.`);
    case 'ENOENT':
    case 'EINVAL':
      return new StartupError(`The data folder ${path} can't be made there: set ROLLCALL_DATA_DIR to a folder that can be written.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return new StartupError(`The data folder ${path} can't be written, since the disk is full: free some space, or set ROLLCALL_DATA_DIR to a folder on another disk.`);
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
      return new StartupError(`The data folder ${path} is on a file system without hard links: set ROLLCALL_DATA_DIR to a folder on a local disk.`);
    default:
      return error;
  }
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.()); // a user id without an entry in the system's list, as in some containers
  }
}
