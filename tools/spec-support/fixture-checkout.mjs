import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Puts links to what is installed here where npm would install it, and writes down that it ran. */
const fakeNpm = `
const { appendFileSync, copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync } = require('node:fs');
appendFileSync('npm-runs.txt', process.argv.slice(2).join(' ') + '\\n');
if (process.env.NPM_FAILS) { console.error('npm error the registry is out of reach'); process.exit(7); }
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules');
const from = ${JSON.stringify(join(root, 'node_modules'))};
for (const name of readdirSync(from)) if (!name.startsWith('.rollcall')) name === '.package-lock.json' ? copyFileSync(from + '/' + name, 'node_modules/' + name) : symlinkSync(from + '/' + name, 'node_modules/' + name);
`;

/** A checkout with these tools and small programs in the place of the platform's. */
export class FixtureCheckout {
  #children = new Set();

  /** @param {{ installed?: boolean, files?: Record<string, string> }} options `files`: sources by path */
  constructor({ installed = true, files = {} } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'rollcall-checkout-'));
    chmodSync(this.folder, 0o755);
    for (const name of ['package.json', 'package-lock.json', '.swcrc', 'tools']) cpSync(join(root, name), this.path(name), { recursive: true });
    if (installed) symlinkSync(join(root, 'node_modules'), this.path('node_modules'));
    this.write('npm-cli.cjs', fakeNpm);
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  path(name) {
    return join(this.folder, name);
  }

  write(path, text) {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path) {
    return readFileSync(this.path(path), 'utf8');
  }

  /** Copies a part of this repository. */
  bring(path) {
    cpSync(join(root, path), this.path(path), { recursive: true, filter: (from) => !from.endsWith('.spec.ts') });
  }

  /** Runs a tool with node. */
  run(parameters, env = {}) {
    const child = spawn(process.execPath, parameters, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: this.folder, npm_execpath: this.path('npm-cli.cjs'), ...env } });
    this.#children.add(child);
    return new Run(child);
  }

  /** Runs a tool to its end. */
  async finish(parameters, env) {
    const run = this.run(parameters, env);
    await run.ended;
    return run;
  }

  remove() {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

class Run {
  lines = [];

  constructor(child) {
    this.child = child;
    this.ended = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.lines.push(line));
  }

  get output() {
    return this.lines.join('\n');
  }

  get code() {
    return this.child.exitCode;
  }

  /** The first line that matches, once it is there. Not there after 80 s, the error says what was. */
  async line(pattern) {
    for (const deadline = Date.now() + 80_000; ; ) {
      if (Date.now() > deadline) throw new Error(`no ${pattern} yet: ${this.output}`);
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.ended;
        if (!this.lines.some((line) => pattern.test(line))) throw new Error(`ended without ${pattern}: ${this.output}`);
      }
      await new Promise((later) => setTimeout(later, 10));
    }
  }
}
