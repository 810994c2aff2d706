import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '#libs/platform/errors';
import type { EmbeddedPostgresLog } from './embedded-postgres.js';
import { answersSignals, identifyProcess, waitForEnd } from './process-identity.js';

/**
 * Ends a Postgres that still runs on the cluster because the process that started it was killed, and removes a pid file
 * that names somebody else's process (or an unreaped one): Postgres would take that for a running server and refuse.
 * The caller holds the claim on the data folder, so that whatever runs here is nobody's.
 */
export async function stopLeftoverPostgres(cluster: string, log: EmbeddedPostgresLog): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid === undefined) return;
  if (isPostmaster(pid, cluster)) {
    log.info(`Stopping the Postgres that an earlier start left behind (process ${pid}) …`);
    await end(pid, ['SIGINT', 'SIGQUIT', 'SIGKILL']);
  }
  // With the postmaster gone its workers end by themselves within a moment. None may still write when a new one starts.
  for (const worker of processesIn(cluster)) await end(worker, ['SIGQUIT', 'SIGKILL']);
  // A dead process's file is left to Postgres, which then also looks for workers that still hold its shared memory.
  if (pid === 0 || answersSignals(pid)) await rm(pidFile, { force: true });
}

async function readPid(pidFile: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
    return Number.isNaN(pid) ? 0 : Math.abs(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isPostmaster(pid: number, cluster: string): boolean {
  if (pid === 0 || identifyProcess(pid) === undefined) return false;
  const command = commandOf(pid);
  return workingFolder(pid) === cluster || (command.includes('postgres') && command.includes(cluster));
}

async function end(pid: number, signals: NodeJS.Signals[]): Promise<void> {
  const identity = identifyProcess(pid);
  if (identity === undefined) return;
  for (const signal of signals) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new StartupError(`A Postgres that an earlier start left behind (process ${pid}) belongs to another user: stop it, or start Rollcall as that user.`);
    }
    if (await waitForEnd(identity, 4_000)) return;
  }
}

/** Postgres processes have the cluster as their working folder. Only Linux tells; elsewhere Postgres's own check has to do. */
function processesIn(cluster: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingFolder(pid) === cluster && commandOf(pid).includes('postgres'));
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
