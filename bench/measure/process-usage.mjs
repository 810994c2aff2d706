import { readdirSync, readFileSync } from 'node:fs';

/** The unit of CPU times in /proc: hundredths of a second on every Linux that Node.js runs on. */
const tickMs = 10;
const pageKiB = 4;

/** All processes of this machine; empty where there is no /proc. */
function readAll() {
  const all = new Map();
  for (const entry of list('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
      // Its own, and that of its children that have ended: a server's workers come and go.
      all.set(Number(entry), { parent: fields[1], cpuMs: (fields[11] + fields[12] + fields[13] + fields[14]) * tickMs, rssKiB: fields[21] * pageKiB });
    } catch {
      // It has ended meanwhile.
    }
  }
  return all;
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** How often threads of these processes have waited for something and were woken. Linux only; 0 elsewhere. @param {number[]} pids */
export function wakeUpsOf(pids) {
  let sum = 0;
  for (const pid of pids) {
    for (const thread of list(`/proc/${pid}/task`)) {
      try {
        sum += Number(/\nvoluntary_ctxt_switches:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))?.[1] ?? 0);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  return sum;
}

/**
 * What groups of processes have used until now, each with all processes that they started.
 *
 * @param {Record<string, number[]>} groups the ids of the processes of each group
 * @returns {Record<string, { cpuMs: number, rssKiB: number }>} 0 where there is no /proc
 */
export function usageOf(groups) {
  const all = readAll();
  const children = groupByParent(all);
  const sum = (pids) =>
    pids.reduce(
      (total, pid) => {
        const own = all.get(pid) ?? { cpuMs: 0, rssKiB: 0 };
        const below = sum(children.get(pid) ?? []);
        return { cpuMs: total.cpuMs + own.cpuMs + below.cpuMs, rssKiB: total.rssKiB + own.rssKiB + below.rssKiB };
      },
      { cpuMs: 0, rssKiB: 0 },
    );
  return Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, sum(pids)]));
}

function groupByParent(all) {
  const children = new Map();
  for (const [pid, { parent }] of all) children.set(parent, [...(children.get(parent) ?? []), pid]);
  return children;
}
