import { renameSync, writeFileSync } from 'node:fs';

/**
 * Where each process tells its metrics, in a file as Prometheus' file-based discovery reads it (`file_sd_configs`):
 * `[{ "targets": ["127.0.0.1:41234"], "labels": { "service": "profiles" } }, …]`.
 */
export class MetricsTargets {
  #targets = new Map();

  /** @param {string} file it is replaced as a whole: nobody reads half of it */
  constructor(file) {
    this.file = file;
  }

  /** @param {string} service @param {string} host with its port */
  set(service, host) {
    this.#targets.set(service, host);
    const entries = [...this.#targets].map(([name, target]) => ({ targets: [target], labels: { service: name } }));
    writeFileSync(`${this.file}.part`, `${JSON.stringify(entries, undefined, 1)}\n`);
    renameSync(`${this.file}.part`, this.file);
  }

  /** @returns {[string, string][]} each service with its host and port, as they are now */
  entries() {
    return [...this.#targets];
  }
}
