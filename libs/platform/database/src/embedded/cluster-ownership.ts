import { execFileSync } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { StartupError } from '#libs/platform/errors';
import type { ServiceUser } from './service-user.js';

/**
 * Postgres opens a data directory only when it belongs to the user it runs as and is closed to others. One that root
 * brought back from a backup is neither; that is mended here.
 *
 * @throws StartupError when it belongs to somebody else
 */
export async function secureCluster(cluster: string, user: ServiceUser | undefined): Promise<void> {
  const { uid, mode } = await stat(cluster);
  const wanted = user?.uid ?? process.getuid?.();
  if (uid !== wanted) {
    if (user === undefined) throw belongsToAnother(cluster);
    execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, cluster]);
  }
  if ((mode & 0o777) !== 0o700) await chmod(cluster, 0o700);
}

export function belongsToAnother(cluster: string): StartupError {
  return new StartupError(`The database in ${cluster} belongs to another user: start Rollcall as that user or as root, or set ROLLCALL_DATA_DIR to another folder.`);
}
