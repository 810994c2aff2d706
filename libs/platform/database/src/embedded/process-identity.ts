import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone is reused by the system, also for another program after a restart of the machine. With the moment
 * at which the process started it names one process for good.
 */
export interface ProcessIdentity {
  pid: number;
  /** Opaque; equal for the same process only. Absent where the system does not tell. */
  start?: string;
}

/** The identity of a running process; undefined when there is none, or only its unreaped remains (a zombie). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (!answersSignals(pid)) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** Whether the process that was identified earlier still runs. */
export function isSameProcessRunning(earlier: ProcessIdentity): boolean {
  const now = identifyProcess(earlier.pid);
  return now !== undefined && (now.start === undefined || earlier.start === undefined || now.start === earlier.start);
}

/** Waits until the process is gone; false when it still runs after `timeoutMs`. */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isSameProcessRunning(identity)) {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** Whether the system knows the process id at all, be it of a zombie or of another user's process. */
export function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, but another user's
  }
}

function fromProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold spaces; state is field 3, start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, start: `${bootId()}/${fields[19]}` };
  } catch (error) {
    const gone = ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
    return gone ? undefined : { pid };
  }
}

let knownBootId: string | undefined;

/** Start times count from the boot, so that they repeat from one boot to the next. */
function bootId(): string {
  if (knownBootId === undefined) {
    try {
      knownBootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    } catch {
      knownBootId = '';
    }
  }
  return knownBootId;
}

function fromPs(pid: number): ProcessIdentity | undefined {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' } })
      .trim()
      .split(/\s+/);
    return state?.startsWith('Z') ? undefined : { pid, start: started.join(' ') };
  } catch {
    return answersSignals(pid) ? { pid } : undefined;
  }
}
