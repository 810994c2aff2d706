import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '#libs/platform/database';
import { ApiClient } from './api-client.js';
import { checkoutFolder } from './checkout-folder.js';
import { provisioning } from './provisioning.js';

export type Topology = 'all-in-one' | 'services';
/** A process of the platform: `all` in the all-in-one, one per service otherwise. */
export type Part = 'all' | 'gateway' | 'identity' | 'profiles' | 'membership' | 'workers';

/** What the first start writes for whoever tries Rollcall (running.md). */
export interface Demo {
  url: string;
  org: { id: string; slug: string };
  project: { id: string; slug: string };
  admin: { email: string; password: string };
  apiKey: string;
  superAdmin: { email: string; password: string; apiKey: string };
  engagement: { key: string; secret: string };
  environment: { events: { client_id: string; client_secret: string }; workbench: { client_id: string; client_secret: string } };
}

interface Server {
  url: string;
  stop(): Promise<void>;
}

const servicesOfThePlatform: readonly Part[] = ['identity', 'profiles', 'membership', 'workers', 'gateway'];
const startTimeoutMs = 90_000;

/** A real Rollcall of its own: real processes, servers and files, in either topology. */
export class RunningPlatform {
  private readonly processes = new Map<Part, ChildProcess>();
  private readonly servers: Server[] = [];
  private log!: number;

  private constructor(
    readonly topology: Topology,
    readonly folder: string,
    readonly url: string,
    private environment: Record<string, string>,
  ) {}

  static async start(topology: Topology, environment: Record<string, string> = {}): Promise<RunningPlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-e2e-'));
    await chmod(folder, 0o711); // an embedded Postgres runs as another user and has to reach its own part of it
    const port = await freePort();
    const platform = new RunningPlatform(topology, folder, `http://127.0.0.1:${port}`, {
      PORT: String(port),
      ROLLCALL_DATA_DIR: join(folder, 'data'),
      LOG_FORMAT: 'json',
      RPC_CHECK_REPLIES: 'true',
      ...environment,
    });
    platform.log = openSync(join(folder, 'log.ndjson'), 'a');
    try {
      if (topology === 'services') await platform.provideServers();
      await Promise.all(platform.parts().map((part) => platform.launch(part)));
      await platform.untilReady();
      if (topology === 'services') await platform.runOnce('bootstrap');
      return platform;
    } catch (error) {
      const log = await platform.readLog();
      await platform.stop();
      throw new Error(`Rollcall did not start (${topology}): ${String(error)}\n${log.slice(-6_000)}`, { cause: error });
    }
  }

  get api(): ApiClient {
    return new ApiClient(this.url);
  }

  parts(): readonly Part[] {
    return this.topology === 'all-in-one' ? ['all'] : servicesOfThePlatform;
  }

  get dataDir(): string {
    return this.environment['ROLLCALL_DATA_DIR'] as string;
  }

  async demo(): Promise<Demo> {
    return JSON.parse(await readFile(join(this.dataDir, 'demo.json'), 'utf8')) as Demo;
  }

  /** Ends a part and waits until it is gone. */
  async kill(part: Part, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.processes.get(part);
    if (child === undefined) throw new Error(`${part} is not running`);
    this.processes.delete(part);
    await end(child, signal);
  }

  /** Starts a part again; `untilReady` says when it serves. */
  async launch(part: Part): Promise<void> {
    if (this.processes.has(part)) throw new Error(`${part} is running already`);
    const app = part === 'all' ? 'all-in-one' : part;
    const child = spawn(process.execPath, [join(checkoutFolder, 'dist/apps', app, 'src/main.js')], { cwd: this.folder, env: this.childEnvironment(), stdio: ['ignore', this.log, this.log] });
    this.processes.set(part, child);
  }

  /** Resolves when `/health/ready` says so (and, all in one, the demo is there). */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    for (;;) {
      const ready = await this.api.get('/health/ready').then(
        (answer) => answer.status === 200,
        () => false,
      );
      if (ready && (this.topology === 'services' || (await this.demo().then(() => true, () => false)))) return;
      const ended = [...this.processes].find(([, child]) => child.exitCode !== null);
      if (ended !== undefined) throw new Error(`${ended[0]} ended with exit code ${String(ended[1].exitCode)}`);
      if (Date.now() > deadline) throw new Error('not ready in time');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The servers that the services topology runs on, by what they are. */
  environmentOf(variable: 'DATABASE_URL' | 'NATS_URL' | 'REDIS_URL'): string {
    return this.environment[variable] as string;
  }

  async readLog(): Promise<string> {
    return readFile(join(this.folder, 'log.ndjson'), 'utf8').catch(() => '');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((child) => end(child, 'SIGTERM')));
    this.processes.clear();
    for (const server of this.servers.reverse()) await server.stop();
    await stopOrphan(this.dataDir);
    closeSync(this.log);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async provideServers(): Promise<void> {
    const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const quiet = { log: silent };
    const servers = join(this.folder, 'servers');
    await mkdir(servers, { mode: 0o711 });
    await mkdir(this.dataDir, { mode: 0o700 });
    const postgres = await startEmbeddedPostgres({ dataDir: servers, ...quiet });
    this.servers.push(postgres);
    const { startNats, startRedis } = await provisioning();
    const [nats, redis] = await Promise.all([startNats({ storeDir: join(this.folder, 'nats'), ...quiet }), startRedis({ storeDir: join(this.folder, 'redis'), ...quiet })]);
    this.servers.push(nats, redis);
    this.environment = { DATABASE_URL: postgres.url, NATS_URL: nats.url, REDIS_URL: redis.url, ROLLCALL_MASTER_KEY: randomBytes(32).toString('base64'), ...this.environment };
  }

  private async runOnce(app: string): Promise<void> {
    const child = spawn(process.execPath, [join(checkoutFolder, 'dist/apps', app, 'src/main.js')], { cwd: this.folder, env: { ...this.childEnvironment(), PUBLIC_URL: this.url }, stdio: ['ignore', this.log, this.log] });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`${app} ended with exit code ${String(code)}`);
  }

  /** Nothing of the developer's own environment decides how a test ends. */
  private childEnvironment(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'], ...this.environment };
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(hard);
}

/** A Postgres that a killed all-in-one left behind is ours to stop. */
async function stopOrphan(dataDir: string): Promise<void> {
  const pid = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').then(
    (text) => Number(text.split('\n')[0]),
    () => undefined,
  );
  if (pid === undefined || Number.isNaN(pid)) return;
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // gone already
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
