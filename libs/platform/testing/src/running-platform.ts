import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { ApiClient } from './api-client.js';
import { pause } from './eventually.js';
import { freePort } from './free-port.js';
import { PlatformProcesses, type Part, type ProcessName } from './platform-processes.js';
import { PlatformServers, postmasterOf, type ServerName } from './platform-servers.js';
import { databaseName, lockRow, maintain, queryService } from './query-service.js';

export type Topology = 'all-in-one' | 'services';

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

const servicesOfThePlatform: readonly Part[] = ['identity', 'profiles', 'membership', 'workers', 'gateway'];
const startTimeoutMs = 90_000;

/** A real Rollcall of its own: real processes, servers and files, in either topology. */
export class RunningPlatform {
  private readonly processes: PlatformProcesses;
  private readonly log: number;
  private localServers: PlatformServers | undefined;

  private constructor(
    readonly topology: Topology,
    readonly folder: string,
    readonly url: string,
    private environment: Record<string, string>,
  ) {
    this.log = openSync(join(folder, 'log.ndjson'), 'a');
    this.processes = new PlatformProcesses(folder, this.log, () => this.environment);
  }

  /** @param checkout a built one, of another version @param records whether Postgres remembers the statements of it (services only) */
  static async start(topology: Topology, environment: Record<string, string> = {}, checkout?: string, records = false): Promise<RunningPlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-e2e-'));
    await chmod(folder, 0o711); // an embedded Postgres runs as another user and has to reach its own part of it
    const port = await freePort();
    const platform = new RunningPlatform(topology, folder, `http://127.0.0.1:${port}`, {
      PORT: String(port),
      ROLLCALL_DATA_DIR: join(folder, 'data'),
      LOG_FORMAT: 'json',
      RPC_CHECK_REPLIES: 'true',
      EVENT_LOG: 'true',
      ...environment,
    });
    if (checkout !== undefined) platform.use(checkout);
    try {
      if (topology === 'services') await platform.provideServers(records);
      for (const part of platform.parts()) await platform.launch(part);
      await platform.untilReady();
      if (topology === 'services') await platform.processes.runOnce('bootstrap', { PUBLIC_URL: platform.url });
      if (records) await platform.localServers?.recordStatements();
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

  /** Processes that are launched from now on are of this checkout, which is built; those that run stay. */
  use(checkout: string): void {
    this.processes.checkout = checkout;
  }

  /** Brings a service's database up to date, as an operator does before an upgrade. */
  async migrate(service: Part): Promise<void> {
    await this.processes.runOnce(service, {}, ['migrate']);
  }

  /** What processes and commands find in their environment from now on; undefined: nothing any more. */
  give(values: Record<string, string | undefined>): void {
    this.environment = Object.fromEntries(Object.entries({ ...this.environment, ...values }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** What they find there now. */
  given(name: string): string {
    return this.environment[name] as string;
  }

  get dataDir(): string {
    return this.environment['ROLLCALL_DATA_DIR'] as string;
  }

  async demo(): Promise<Demo> {
    return JSON.parse(await readFile(join(this.dataDir, 'demo.json'), 'utf8')) as Demo;
  }

  /** Processes that ended though nobody ended them: `profiles ended with exit code 1`. */
  get unexpectedExits(): readonly string[] {
    return this.processes.unexpectedExits;
  }

  /** Ends a process and waits until it is gone. @returns its exit code, if it ended by itself */
  async kill(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    return this.processes.end(name, signal);
  }

  /** Starts a part again; `untilReady` says when it serves. @param environment what is other than before */
  async launch(name: Part, environment: Record<string, string> = {}): Promise<void> {
    await this.processes.launchProbed(name, { ...this.itsPort(name), ...environment });
  }

  /** Starts a part, again or beside itself, and waits until this very process is ready. @param within of a host beside this one @returns where it answers: its API, or its probes */
  async launchUntilReady(name: ProcessName, environment: Record<string, string> = {}, within: readonly string[] = []): Promise<string> {
    await this.processes.launchProbed(name, { ...this.itsPort(name), ...environment }, within);
    await this.processes.untilReady(name);
    return this.processes.addressOf(name);
  }

  /** Starts one more gateway beside the first (services only). @returns its client, once it serves */
  async addGateway(): Promise<ApiClient> {
    return new ApiClient(await this.launchUntilReady('gateway#2'));
  }

  /** Runs a command of the checkout with the platform's environment: `backup`. */
  async runTool(name: string, ...parameters: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return this.processes.runTool(name, parameters);
  }

  /** Ends every process, as an operator does; the servers beside stay. */
  async endProcesses(): Promise<void> {
    await this.processes.endAll();
  }

  /** Resolves when `/health/ready` says so (and, all in one, the demo is there). */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    const exitsBefore = this.unexpectedExits.length;
    for (;;) {
      const ready = await this.api.get('/health/ready').then(
        (answer) => answer.status === 200,
        () => false,
      );
      if (ready) return;
      if (this.unexpectedExits.length > exitsBefore) throw new Error(this.unexpectedExits.slice(exitsBefore).join(', '));
      if (Date.now() > deadline) throw new Error('not ready in time');
      await pause(50);
    }
  }

  /** After whatever was done to it: every part and server runs, once and as at the start. */
  async restore(): Promise<void> {
    await this.localServers?.restore();
    for (const name of this.processes.names()) if (name.endsWith('#2')) await this.processes.end(name, 'SIGTERM');
    for (const part of this.parts()) if (!this.processes.names().includes(part)) await this.launch(part);
    await this.untilReady();
  }

  /** What every process that runs tells of itself at `/metrics`, by its name. */
  async readMetrics(): Promise<{ process: ProcessName; text: string }[]> {
    return Promise.all(this.processes.names().map(async (name) => ({ process: name, text: await (await fetch(`${this.processes.addressOf(name)}/metrics`)).text() })));
  }

  /** Asks a service's own database, for what no API shows: that an effect happened once. */
  async query<Row extends object>(service: string, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return queryService<Row>(await this.databaseUrl(), service, text, parameters);
  }

  /** Holds up whoever needs a row of a service. @returns releases it */
  async lockRow(service: string, text: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
    return lockRow(await this.databaseUrl(), service, text, parameters);
  }

  /** What `DATABASE_URL` is, or would be. */
  async databaseUrl(): Promise<string> {
    return this.environment['DATABASE_URL'] ?? (await this.embeddedUrl());
  }

  /** A statement about each service's database as a whole, whose name `{}` stands for: `DROP DATABASE {}`. No process must run. */
  async maintain(statement: string): Promise<void> {
    const url = await this.databaseUrl();
    for (const service of ['identity', 'profiles', 'membership', 'operations']) await maintain(url, statement.replaceAll('{}', databaseName(url, service)));
  }

  async readLog(): Promise<string> {
    return readFile(join(this.folder, 'log.ndjson'), 'utf8').catch(() => '');
  }

  async stop(): Promise<void> {
    await this.processes.endAll();
    await this.localServers?.stop();
    await stopOrphan(join(this.dataDir, 'postgres'));
    closeSync(this.log);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** NATS, Redis and Postgres (services only): to be stopped, started and named. */
  get servers(): PlatformServers {
    if (this.localServers === undefined) throw new Error('all in one, there are no servers but its own Postgres');
    return this.localServers;
  }

  /** Ends nats-server or redis-server as an operator would; `startServer` brings it back on its port with its data. */
  async stopServer(name: ServerName): Promise<void> {
    await this.servers.end(name);
  }

  async startServer(name: ServerName): Promise<void> {
    await this.servers.begin(name);
  }

  /** Ends Postgres, by default as a crash does, with all that it was doing. Whoever started it starts it again, on the same port. */
  async crashPostgres(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = await postmasterOf(this.localServers?.postgresFolder ?? join(this.dataDir, 'postgres'));
    if (pid === undefined) throw new Error('Postgres is not running');
    process.kill(pid, signal);
  }

  /** The embedded Postgres says in its own folder where it listens. */
  private async embeddedUrl(): Promise<string> {
    const folder = join(this.dataDir, 'postgres');
    const [, , , port] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
    const password = (await readFile(join(folder, 'rollcall.password'), 'utf8')).trim();
    return `postgres://rollcall:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/postgres`;
  }

  /** Where the platform serves; a second gateway has a port of its own. */
  private itsPort(name: ProcessName): Record<string, string> {
    return name === 'gateway' || name === 'all' ? { PORT: this.environment['PORT'] as string } : {};
  }

  private async provideServers(records: boolean): Promise<void> {
    await mkdir(this.dataDir, { mode: 0o700 });
    this.localServers = await PlatformServers.start(this.folder, records);
    this.environment = { ...this.localServers.urls, ROLLCALL_MASTER_KEY: randomBytes(32).toString('base64'), ...this.environment };
  }
}

/** A Postgres that a killed all-in-one left behind is ours to stop. */
async function stopOrphan(folder: string): Promise<void> {
  const pid = await postmasterOf(folder);
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // gone already
  }
}
