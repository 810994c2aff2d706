import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The unit of CPU times in /proc: hundredths of a second on every Linux that Node.js runs on. */
const tickMs = 10;

/** @returns what a `stat` file of /proc says; undefined when the process or thread is gone */
function readStat(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs };
  } catch {
    return undefined;
  }
}

/** CPU time of this process's descendants until now, by thread for programs of Node.js; empty where there is no /proc. */
function read() {
  const processes = new Map();
  for (const entry of safely(() => readdirSync('/proc'))) {
    const stat = /^\d+$/.test(entry) ? readStat(`/proc/${entry}/stat`) : undefined;
    if (stat !== undefined) processes.set(Number(entry), stat);
  }
  const isOurs = (pid) => {
    for (let at = processes.get(pid)?.parent; at !== undefined && at > 1; at = processes.get(at)?.parent) if (at === process.pid) return true;
    return false;
  };
  const times = new Map();
  for (const [pid, { name, cpuMs }] of processes) {
    if (!isOurs(pid)) continue;
    if (name.startsWith('postgres')) times.set(`postgres ${pid}`, cpuMs);
    else for (const thread of safely(() => readdirSync(`/proc/${pid}/task`))) times.set(`${thread === String(pid) ? 'main' : 'thread'} ${thread}`, readStat(`/proc/${pid}/task/${thread}/stat`)?.cpuMs ?? 0);
  }
  return times;
}

function safely(list) {
  try {
    return list();
  } catch {
    return [];
  }
}

/** Where the CPU time of an all-in-one that this process has started goes. */
export class TreeCpu {
  constructor() {
    this.before = read();
  }

  /**
   * @returns milliseconds since it was made: of hashing threads (the busiest ones, as many as there are cores), the server's own thread, all its other
   * threads, and Postgres; undefined where there is no /proc
   */
  spent() {
    const after = read();
    if (after.size === 0) return undefined;
    const of = (kind) => [...after].filter(([key]) => key.startsWith(kind)).map(([key, ms]) => ms - (this.before.get(key) ?? 0));
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const threads = of('thread').sort((a, b) => b - a);
    return { hashing: sum(threads.slice(0, availableParallelism())), server: sum(of('main')), others: sum(threads.slice(availableParallelism())), postgres: sum(of('postgres')) };
  }
}
