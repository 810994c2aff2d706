import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Memory of the programs that this process has started, by their names (`workers`, `all-in-one`). Linux only. */
export class PeakMemory {
  constructor() {
    this.programs = findPrograms();
    // Forgets what was the most until now.
    for (const { pid } of this.programs) writeFileSync(`/proc/${pid}/clear_refs`, '5');
    this.before = new Map(this.programs.map(({ name, pid }) => [name, statusOf(pid, 'VmRSS')]));
  }

  /** @returns MiB of each: at the beginning, and at the most since then */
  read() {
    return this.programs.map(({ name, pid }) => ({ name, before: this.before.get(name), peak: statusOf(pid, 'VmHWM') }));
  }
}

function statusOf(pid, field) {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

function findPrograms() {
  const parents = new Map();
  const commands = new Map();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]));
      commands.set(Number(entry), readFileSync(`/proc/${entry}/cmdline`, 'utf8'));
    } catch {
      // gone
    }
  }
  const isOurs = (pid) => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  return [...commands].flatMap(([pid, command]) => {
    const [, name] = /dist\/apps\/([\w-]+)\/src\/main\.js/.exec(command) ?? [];
    return name !== undefined && isOurs(pid) ? [{ name, pid }] : [];
  });
}
