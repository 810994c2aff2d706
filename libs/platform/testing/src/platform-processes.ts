import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ApiClient } from './api-client.js';
import { checkoutFolder } from './checkout-folder.js';
import { pause } from './eventually.js';
import { freePort } from './free-port.js';

/** A part of the platform that is a process: `all` in the all-in-one, one per service otherwise. */
export type Part = 'all' | 'gateway' | 'identity' | 'profiles' | 'membership' | 'workers';
/** A process. A part may run a second time beside itself. */
export type ProcessName = Part | `${Part}#2`;

const startTimeoutMs = 90_000;

/** The processes of one platform: started, ended, and watched for those that end by themselves. */
export class PlatformProcesses {
  private readonly running = new Map<ProcessName, ChildProcess>();
  private readonly addresses = new Map<ProcessName, string>();
  /** Those that nobody ended: `profiles ended with exit code 1`. */
  readonly unexpectedExits: string[] = [];
  /** The built checkout that those launched from now on are of: another version, for one. */
  checkout = checkoutFolder;

  constructor(
    private readonly folder: string,
    /** A file descriptor, for what they write. */
    private readonly log: number,
    private readonly environment: () => Record<string, string>,
  ) {}

  names(): ProcessName[] {
    return [...this.running.keys()];
  }

  /** @param environment what is other than in the others @param within a command that runs it at another place: `TestHost.within` */
  launch(name: ProcessName, environment: Record<string, string> = {}, within: readonly string[] = []): void {
    if (this.running.has(name)) throw new Error(`${name} is running already`);
    const part = partOf(name);
    const child = this.spawn(part === 'all' ? 'all-in-one' : part, environment, [], within);
    this.running.set(name, child);
    child.once('exit', (code, signal) => {
      if (this.running.get(name) !== child) return;
      this.running.delete(name);
      this.unexpectedExits.push(`${name} ended with ${signal ?? `exit code ${String(code)}`}`);
    });
  }

  /** With an address that says whether this very process is ready: its own, or that of its probes. */
  async launchProbed(name: ProcessName, environment: Record<string, string> = {}, within: readonly string[] = []): Promise<void> {
    const variable = ['gateway', 'all'].includes(partOf(name)) ? 'PORT' : 'HEALTH_PORT';
    const port = environment[variable] ?? String(await freePort());
    this.launch(name, { ...environment, [variable]: port }, within);
    this.addresses.set(name, `http://${environment['HOST'] ?? '127.0.0.1'}:${port}`);
  }

  /** Where a process that was launched with probes answers. */
  addressOf(name: ProcessName): string {
    const address = this.addresses.get(name);
    if (address === undefined) throw new Error(`${name} was not launched with probes`);
    return address;
  }

  /** Resolves when the process, launched with probes, says that it is ready. */
  async untilReady(name: ProcessName): Promise<void> {
    const api = new ApiClient(this.addressOf(name));
    const deadline = Date.now() + startTimeoutMs;
    while ((await api.get('/health/ready').then(({ status }) => status, () => 0)) !== 200) {
      if (!this.running.has(name)) throw new Error(`${name} is not running: ${this.unexpectedExits.join(', ')}`);
      if (Date.now() > deadline) throw new Error(`${name} is not ready in time`);
      await pause(25);
    }
  }

  /** Ends a process and waits until it is gone. @returns its exit code, if it ended by itself */
  async end(name: ProcessName, signal: NodeJS.Signals): Promise<number | null> {
    const child = this.running.get(name);
    if (child === undefined) throw new Error(`${name} is not running`);
    this.running.delete(name);
    return end(child, signal);
  }

  async endAll(): Promise<void> {
    await Promise.all(this.names().map((name) => this.end(name, 'SIGTERM')));
  }

  /** Runs a program that ends by itself. */
  async runOnce(app: string, environment: Record<string, string>, parameters: readonly string[] = []): Promise<void> {
    const child = this.spawn(app, environment, parameters);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`${app} ended with exit code ${String(code)}`);
  }

  /** Runs a command of the checkout, as an operator does: `backup`. */
  async runTool(name: string, parameters: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(process.execPath, [join(checkoutFolder, 'tools', `${name}.mjs`), ...parameters], { cwd: this.folder, env: { PATH, HOME, TMPDIR, ...this.environment() }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, ...output };
  }

  /** Nothing of the developer's own environment decides how a test ends. */
  private spawn(app: string, environment: Record<string, string>, parameters: readonly string[] = [], within: readonly string[] = []): ChildProcess {
    const { PATH, HOME, TMPDIR } = process.env;
    const env = { PATH, HOME, TMPDIR, ...this.environment(), ...environment };
    const [command = '', ...words] = [...within, process.execPath, join(this.checkout, 'dist/apps', app, 'src/main.js'), ...parameters];
    return spawn(command, words, { cwd: this.folder, env, stdio: ['ignore', this.log, this.log] });
  }
}

function partOf(name: ProcessName): Part {
  return name.replace('#2', '') as Part;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(hard);
  return child.exitCode;
}
