import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { endLeftover, identifyProcess } from './process-identity.mjs';

/** The processes that were started, on disk, so that the next start finds those which outlived their watcher. */
export class ProcessList {
  #file;
  #processes = new Map();

  constructor(file) {
    this.#file = file;
  }

  /** Ends what an earlier run left behind. The caller holds the data folder, so that nobody needs them. */
  async endLeftovers(log) {
    let left = [];
    try {
      left = JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    }
    const ended = await Promise.all(left.map(async ({ name, ...identity }) => ((await endLeftover(identity)) ? name : undefined)));
    const names = ended.filter((name) => name !== undefined);
    if (names.length > 0) log.info(`Stopped what an earlier start left behind: ${names.join(', ')}.`);
  }

  /** A name has one process at a time. */
  add(name, pid) {
    this.#processes.set(name, { name, ...(identifyProcess(pid) ?? { pid }) });
    const draft = `${this.#file}.draft`;
    writeFileSync(draft, JSON.stringify([...this.#processes.values()]), { mode: 0o600 });
    renameSync(draft, this.#file);
  }

  clear() {
    rmSync(this.#file, { force: true });
  }
}
