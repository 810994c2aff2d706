import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StartupError } from '#libs/platform/errors';

/** The user that Postgres runs as when we are root, which it refuses. */
export interface ServiceUser {
  name: string;
  uid: number;
  gid: number;
}

const candidates = ['postgres', '_postgres', 'nobody', 'daemon'];

/**
 * The user to run Postgres as; undefined when this process is not root and Postgres runs as whoever we are.
 *
 * @param owner uid of who owns an existing database; it stays theirs
 * @throws StartupError when we are root and there is nobody to be instead
 */
export function chooseServiceUser(owner?: number): ServiceUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  const wanted = [users.find((user) => user.uid === owner), ...candidates.map((name) => users.find((user) => user.name === name))];
  const chosen = wanted.find((user) => user !== undefined && user.uid > 0);
  if (chosen === undefined) {
    throw new StartupError(`Postgres refuses to run as root, and this machine has no user ${candidates[0]} or nobody: start Rollcall as an ordinary user, or set DATABASE_URL to a Postgres of your own.`);
  }
  if (!runsAs(chosen, 'exit 0')) {
    throw new StartupError(`Postgres refuses to run as root, and this process may not become the user ${chosen.name}: start Rollcall as an ordinary user, or set DATABASE_URL to a Postgres of your own.`);
  }
  return chosen;
}

/** Whether the user may pass through the folder; asked of the system, since modes alone don't tell (access lists, mounts). */
export function canEnter(user: ServiceUser, folder: string): boolean {
  return runsAs(user, 'test -x "$1"', folder);
}

/** Whether the user (or we, when undefined) may read the file. */
export function canRead(user: ServiceUser | undefined, file: string): boolean {
  return runsAs(user, 'test -r "$1"', file);
}

/** Spawn options that make a child run as the user. */
export function asUser(user: ServiceUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid };
}

function runsAs(user: ServiceUser | undefined, script: string, ...parameters: string[]): boolean {
  return spawnSync('/bin/sh', ['-c', script, 'sh', ...parameters], { ...asUser(user), cwd: '/', stdio: 'ignore' }).status === 0;
}

function readUsers(): ServiceUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({ name: String(name), uid: Number(uid), gid: Number(gid) }));
}
