import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { identifyProcess } from './process-identity.mjs';

/**
 * Ends what this process has started and waits for it, without the event loop: for the handler of `exit`, after which nothing else runs.
 *
 * @param {number} patienceMs servers end within this time, or are killed
 */
export function endChildren(patienceMs) {
  const children = childrenOf(process.pid);
  // Postgres takes SIGTERM for "when everybody has left".
  for (const { pid, command } of children) send(pid, command.startsWith('postgres') ? 'SIGINT' : 'SIGTERM');
  const moment = new Int32Array(new SharedArrayBuffer(4));
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline && children.some(({ pid }) => identifyProcess(pid) !== undefined); ) Atomics.wait(moment, 0, 0, 50);
  for (const { pid } of children) if (identifyProcess(pid) !== undefined) send(pid, 'SIGKILL');
}

function childrenOf(parent) {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).split('\n');
    return lines.map((line) => line.trim().split(/\s+/)).filter(([, ppid]) => Number(ppid) === parent).map(([pid, , command]) => ({ pid: Number(pid), command: command.split('/').at(-1) }));
  }
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const end = stat.lastIndexOf(')');
      return Number(stat.slice(end + 2).split(' ')[1]) === parent ? [{ pid: Number(entry), command: stat.slice(stat.indexOf('(') + 1, end) }] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}
