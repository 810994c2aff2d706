import { chmod, lstat, mkdir, mkdtemp, readlink, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StartupError } from '#libs/platform/errors';
import type { EmbeddedPostgresLog } from './embedded-postgres.js';
import { canEnter, type ServiceUser } from './service-user.js';

export interface ClusterLocation {
  /** The Postgres data directory itself; may not exist yet. */
  cluster: string;
  /** The folder it lies in. */
  home: string;
  /** The home is not the data folder: another start may reach it through a copy of the data folder. */
  moved: boolean;
}

/**
 * Where the database of a data folder lies: in `<dataDir>/postgres`, or, where the user that has to run Postgres can't
 * get there, in a folder of its own that `<dataDir>/postgres` links to. The link is the only record, so that deleting
 * the data folder means starting anew, as it does everywhere else.
 *
 * @throws StartupError when the link leads nowhere, or an existing database can't be reached
 */
export async function locateCluster(dataDir: string, user: ServiceUser | undefined, log: EmbeddedPostgresLog): Promise<ClusterLocation> {
  const path = join(dataDir, 'postgres');
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) return followLink(dataDir, path, log);
  if (user === undefined || canEnter(user, dataDir) || (await letThrough(user, dataDir, log))) return { cluster: path, home: dataDir, moved: false };
  if (found !== undefined) {
    throw new StartupError(`The database in ${path} can't be reached by the user ${user.name}, which has to run it since Postgres refuses root: open the folders above it with chmod o+x.`);
  }
  const cluster = join(await makeHome(dataDir), 'postgres');
  await symlink(cluster, path);
  return followLink(dataDir, path, log);
}

/** The data folder itself is root's and Rollcall's alone, so it may be opened for passing through; folders above it may not. */
async function letThrough(user: ServiceUser, dataDir: string, log: EmbeddedPostgresLog): Promise<boolean> {
  const { uid, mode } = await lstat(dataDir);
  if (uid !== 0 || !canEnter(user, dirname(dataDir))) return false;
  await chmod(dataDir, (mode & 0o777) | 0o011);
  log.info(`Opened ${dataDir} for passing through (chmod go+x): the user ${user.name} runs the database in it.`);
  return canEnter(user, dataDir);
}

async function followLink(dataDir: string, path: string, log: EmbeddedPostgresLog): Promise<ClusterLocation> {
  const cluster = resolve(dataDir, await readlink(path));
  const home = dirname(cluster);
  const found = await lstat(home).catch(() => undefined);
  if (found === undefined) throw new StartupError(`The database that ${path} links to is gone: bring ${cluster} back, or delete the data folder to start anew.`);
  log.info(`The database of ${dataDir} is kept in ${cluster}, where the user that runs Postgres can reach it.`);
  return { cluster, home, moved: true };
}

/** A new folder, since an earlier one may hold the database of a data folder that was deleted or is not mounted. */
async function makeHome(dataDir: string): Promise<string> {
  const name = basename(dirname(dataDir)).replace(/[^\w-]/g, '') || 'data';
  for (const parent of ['/var/lib/rollcall', '/var/tmp']) {
    try {
      if ((await mkdir(parent, { recursive: true, mode: 0o711 })) !== undefined) await chmod(parent, 0o711);
      const home = await mkdtemp(join(parent, `${name}-`));
      await chmod(home, 0o711);
      return home;
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  throw new StartupError(`The data folder ${dataDir} can't be reached by the user that has to run Postgres, and no other folder can be made: set ROLLCALL_DATA_DIR to one that others may pass through.`);
}
