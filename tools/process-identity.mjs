import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id with the moment at which its process started, since ids are reused. `undefined`: no such process.
 * (libs/platform/database has its twin; this one has to work before anything is built.)
 *
 * @param {number} pid
 * @returns {{ pid: number, start?: string } | undefined}
 */
export function identifyProcess(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return undefined;
  }
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : { pid, start: `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}` };
    }
    return { pid, start: execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' } }).trim() };
  } catch (error) {
    return ['ENOENT', 'ESRCH'].includes(error.code) ? undefined : { pid };
  }
}

/** Whether the process that was identified earlier still runs. */
export function isSameProcessRunning(earlier) {
  const now = identifyProcess(earlier.pid);
  return now !== undefined && (now.start === undefined || earlier.start === undefined || now.start === earlier.start);
}

/** Ends a process that an earlier run left behind: SIGTERM, then SIGKILL. Returns whether there was one. */
export async function endLeftover(identity, patienceMs = 3_000) {
  if (!isSameProcessRunning(identity)) return false;
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if (error.code === 'ESRCH') return true;
      throw error;
    }
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await new Promise((later) => setTimeout(later, 20))) {
      if (!isSameProcessRunning(identity)) return true;
    }
  }
  return true;
}
