import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdtemp, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '#libs/platform/errors';
import { belongsToAnother } from './cluster-ownership.js';
import type { ClusterLocation } from './cluster-location.js';
import type { EmbeddedPostgresLog } from './embedded-postgres.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { asUser, type ServiceUser } from './service-user.js';

export const superuser = 'rollcall';
const passwordFile = 'rollcall.password';
const draftPrefix = '.postgres-draft-';

/**
 * Trigram search splits words by the C library's LC_CTYPE whatever the collation provider is: under `C` every letter
 * outside ASCII is lost. The first of these that the system knows is taken.
 */
const ctypes = ['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'UTF-8'];

/**
 * Makes the database cluster where there is none: beside its place, and moved there when it is complete, so that a
 * start that is killed half-way leaves nothing that looks like a database.
 *
 * @throws StartupError when there is something else in its place, or one of another major version
 */
export async function ensureCluster(location: ClusterLocation, binaries: PostgresBinaries, user: ServiceUser | undefined, log: EmbeddedPostgresLog): Promise<void> {
  const major = await majorVersion(location.cluster);
  if (major === binaries.major) return;
  if (major !== undefined) {
    throw new StartupError(
      `The database in ${location.cluster} was made by Postgres ${major} and this Rollcall brings Postgres ${binaries.major}: start the Rollcall that made it, or set ROLLCALL_DATA_DIR to another folder.`,
    );
  }
  log.info('Creating the database (first run) …');
  const started = performance.now();
  await removeDrafts(location.home);
  const draft = await mkdtemp(join(location.home, draftPrefix));
  try {
    const cluster = join(draft, 'cluster');
    const password = await writePassword(draft, user);
    if (user !== undefined) await chown(draft, user.uid, user.gid);
    await chmod(draft, 0o700);
    await initialise(binaries.initdb, cluster, password, user);
    await rename(password, join(cluster, passwordFile));
    await rename(cluster, location.cluster);
    await flush(location.home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  log.info(`Created the database in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** The superuser's password. */
export async function readPassword(cluster: string): Promise<string> {
  const file = join(cluster, passwordFile);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new StartupError(`The password of the embedded Postgres can't be read from ${file} (${(error as NodeJS.ErrnoException).code}): bring the file back, or set ROLLCALL_DATA_DIR to another folder.`);
  }
}

async function majorVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw belongsToAnother(cluster);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  // Nothing there, or an empty folder that somebody prepared: both are where it goes.
  await rmdir(cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new StartupError(`${cluster} is in the way, since it is not the database of a Rollcall: move it, or set ROLLCALL_DATA_DIR to another folder.`);
  });
  return undefined;
}

async function writePassword(folder: string, user: ServiceUser | undefined): Promise<string> {
  const path = join(folder, 'password');
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(24).toString('hex')}\n`);
    if (user !== undefined) await file.chown(user.uid, user.gid);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

async function initialise(initdb: string, cluster: string, password: string, user: ServiceUser | undefined): Promise<void> {
  let complaint = '';
  for (const ctype of ctypes) {
    // ICU comes with the binaries, so that an update of the system's C library can't change the order of an index.
    const locale = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=und', `--locale=${ctype}`, '--lc-messages=C'];
    const result = await run(initdb, [`--pgdata=${cluster}`, `--username=${superuser}`, `--pwfile=${password}`, '--auth=scram-sha-256', '--no-instructions', ...locale], user);
    if (result.ok) return;
    complaint = result.complaint;
    if (!complaint.includes('locale')) break;
  }
  throw new StartupError(`The embedded Postgres could not create its database in ${cluster} (${complaint}): mend that, or set DATABASE_URL to a Postgres of your own.`);
}

async function run(program: string, parameters: string[], user: ServiceUser | undefined): Promise<{ ok: boolean; complaint: string }> {
  const child = spawn(program, parameters, { ...asUser(user), cwd: '/', env: { PATH: '/usr/bin:/bin', TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000, detached: true });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const complaint = /(?:error|FATAL): +(.*)/.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1) ?? '';
  return { ok: code === 0, complaint };
}

async function removeDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) if (name.startsWith(draftPrefix)) await rm(join(home, name), { recursive: true, force: true });
}

/** Makes the new name itself durable. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().catch(() => undefined); // some file systems refuse to flush a folder
  await handle.close();
}
