// Loaded into every bench: however it is cut off (Ctrl-C, a signal, the end of whoever runs it), no server that it has started stays behind.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../tools/process-identity.mjs';

/** Servers end within this time, or are killed. */
const patienceMs = 10_000;
const folders = new Set();

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => process.exit(code));
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
process.once('exit', () => {
  const children = childrenOf(process.pid);
  // Postgres takes SIGTERM for "when everybody has left".
  for (const { pid, command } of children) send(pid, command.startsWith('postgres') ? 'SIGINT' : 'SIGTERM');
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline && children.some(({ pid }) => identifyProcess(pid) !== undefined); ) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  for (const { pid } of children) if (identifyProcess(pid) !== undefined) send(pid, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A folder that Postgres, as another user, may look into; gone when the bench has ended. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `rollcall-${name}-`));
  chmodSync(folder, 0o711);
  folders.add(folder);
  return folder;
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
