import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '#libs/platform/database';
import type { LocalServer } from '../../../../tools/provision.mjs';
import { ApiClient } from './api-client.js';
import { checkoutFolder } from './checkout-folder.js';
import { provisioning } from './provisioning.js';
import { queryService } from './query-service.js';

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

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const servicesOfThePlatform: readonly Part[] = ['identity', 'profiles', 'membership', 'workers', 'gateway'];
const startTimeoutMs = 90_000;

/** A real Rollcall of its own: real processes, servers and files, in either topology. */
export class RunningPlatform {
  private readonly processes = new Map<Part, ChildProcess>();
  private readonly replicas: ChildProcess[] = [];
  private readonly localServers: { nats?: LocalServer; redis?: LocalServer } = {};
  private postgres: { url: string; stop(): Promise<void> } | undefined;
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
    this.processes.set(part, this.spawnApp(part === 'all' ? 'all-in-one' : part));
  }

  /** Starts one more gateway beside the first (services only). @returns its client, once it serves */
  async addGateway(): Promise<ApiClient> {
    const port = await freePort();
    this.replicas.push(this.spawnApp('gateway', { PORT: String(port) }));
    const api = new ApiClient(`http://127.0.0.1:${port}`);
    const deadline = Date.now() + startTimeoutMs;
    while ((await api.get('/health/ready').then(({ status }) => status, () => 0)) !== 200) {
      if (Date.now() > deadline) throw new Error('the second gateway is not ready in time');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return api;
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

  /** Asks a service's own database, for what no API shows: that an effect happened once. */
  async query<Row extends object>(service: string, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return queryService<Row>(await this.databaseUrl(), service, text, parameters);
  }

  /** What `DATABASE_URL` is, or would be. */
  async databaseUrl(): Promise<string> {
    return this.environment['DATABASE_URL'] ?? (await this.embeddedUrl());
  }

  async readLog(): Promise<string> {
    return readFile(join(this.folder, 'log.ndjson'), 'utf8').catch(() => '');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.values(), ...this.replicas].map((child) => end(child, 'SIGTERM')));
    this.processes.clear();
    await Promise.all([this.localServers.nats?.stop(), this.localServers.redis?.stop()]);
    await this.postgres?.stop();
    await stopOrphan(this.dataDir);
    closeSync(this.log);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The embedded Postgres says in its own folder where it listens. */
  private async embeddedUrl(): Promise<string> {
    const folder = join(this.dataDir, 'postgres');
    const [, , , port] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
    const password = (await readFile(join(folder, 'rollcall.password'), 'utf8')).trim();
    return `postgres://rollcall:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/postgres`;
  }

  /** Ends nats-server or redis-server as an operator would; `startServer` brings it back on its port with its data. */
  async stopServer(name: 'nats' | 'redis'): Promise<void> {
    await this.localServers[name]?.stop();
  }

  async startServer(name: 'nats' | 'redis'): Promise<void> {
    const { startNats, startRedis } = await provisioning();
    const start = name === 'nats' ? startNats : startRedis;
    this.localServers[name] = await start({ storeDir: join(this.folder, name), port: this.localServers[name]?.port ?? 0, log: silent });
  }

  /** Kills Postgres, with all that it was doing. Whoever started it starts it again, on the same port. */
  async crashPostgres(): Promise<void> {
    const folder = this.topology === 'all-in-one' ? this.dataDir : this.serversFolder;
    process.kill(Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL');
  }

  private get serversFolder(): string {
    return join(this.folder, 'servers');
  }

  private async provideServers(): Promise<void> {
    await mkdir(this.serversFolder, { mode: 0o711 });
    await mkdir(this.dataDir, { mode: 0o700 });
    this.postgres = await startEmbeddedPostgres({ dataDir: this.serversFolder, log: silent });
    await Promise.all([this.startServer('nats'), this.startServer('redis')]);
    this.environment = {
      DATABASE_URL: this.postgres.url,
      NATS_URL: this.localServers.nats?.url as string,
      REDIS_URL: this.localServers.redis?.url as string,
      ROLLCALL_MASTER_KEY: randomBytes(32).toString('base64'),
      ...this.environment,
    };
  }

  private async runOnce(app: string): Promise<void> {
    const child = spawn(process.execPath, [join(checkoutFolder, 'dist/apps', app, 'src/main.js')], { cwd: this.folder, env: { ...this.childEnvironment(), PUBLIC_URL: this.url }, stdio: ['ignore', this.log, this.log] });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`${app} ended with exit code ${String(code)}`);
  }

  private spawnApp(app: string, environment: Record<string, string> = {}): ChildProcess {
    return spawn(process.execPath, [join(checkoutFolder, 'dist/apps', app, 'src/main.js')], { cwd: this.folder, env: { ...this.childEnvironment(), ...environment }, stdio: ['ignore', this.log, this.log] });
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
