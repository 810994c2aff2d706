import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startEmbeddedPostgres } from '#libs/platform/database';
import type { LocalServer } from '../../../../tools/provision.mjs';
import { provisioning } from './provisioning.js';

/** A server beside Postgres. */
export type ServerName = 'nats' | 'redis';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Postgres, NATS and Redis of one platform in the services topology. */
export class PlatformServers {
  private readonly servers: Partial<Record<ServerName, LocalServer>> = {};
  private readonly away = new Set<ServerName>();
  private readonly frozen = new Set<ServerName>();

  private constructor(
    private readonly folder: string,
    private readonly postgres: { url: string; stop(): Promise<void> },
  ) {}

  /** @param remembers whether Postgres keeps which statements it ran, for `recordStatements` */
  static async start(folder: string, remembers = false): Promise<PlatformServers> {
    const dataDir = join(folder, 'servers');
    await mkdir(dataDir, { mode: 0o711 });
    let postgres = await startEmbeddedPostgres({ dataDir, log: silent });
    if (remembers) {
      await asked(postgres.url, `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`, 'CREATE EXTENSION pg_stat_statements');
      await postgres.stop();
      postgres = await startEmbeddedPostgres({ dataDir, log: silent });
    }
    const servers = new PlatformServers(folder, postgres);
    await Promise.all([servers.begin('nats'), servers.begin('redis')]);
    return servers;
  }

  /** What names them in the environment of a process. */
  get urls(): { DATABASE_URL: string; NATS_URL: string; REDIS_URL: string } {
    return { DATABASE_URL: this.postgres.url, NATS_URL: this.get('nats').url, REDIS_URL: this.get('redis').url };
  }

  /** From now on Postgres remembers what it runs, of all but specs; what it ran before, migrations among it, it forgets. */
  async recordStatements(): Promise<void> {
    await asked(this.postgres.url, `ALTER SYSTEM SET pg_stat_statements.track = 'all'`, `ALTER SYSTEM SET pg_stat_statements.track_utility = off`, 'SELECT pg_reload_conf()', 'SELECT pg_stat_statements_reset()');
  }

  get postgresFolder(): string {
    return join(this.folder, 'servers', 'postgres');
  }

  /** As an operator stops it. */
  async end(name: ServerName): Promise<void> {
    this.away.add(name);
    await this.get(name).stop();
  }

  /** As a crash ends it. */
  async crash(name: ServerName): Promise<void> {
    this.away.add(name);
    await this.get(name).kill();
  }

  /** From now on it hangs: connections are taken, and nothing is answered. */
  freeze(name: ServerName): void {
    this.frozen.add(name);
    process.kill(this.get(name).pid, 'SIGSTOP');
  }

  /** It goes on where it was. */
  thaw(name: ServerName): void {
    this.frozen.delete(name);
    process.kill(this.get(name).pid, 'SIGCONT');
  }

  /** On its port, with the data it has. */
  async begin(name: ServerName): Promise<void> {
    const { startNats, startRedis } = await provisioning();
    const start = name === 'nats' ? startNats : startRedis;
    this.servers[name] = await start({ storeDir: join(this.folder, name), port: this.servers[name]?.port ?? 0, log: silent });
    this.away.delete(name);
  }

  /** Deletes its data; it must not run. */
  async wipe(name: ServerName): Promise<void> {
    if (!this.away.has(name)) throw new Error(`${name} is running`);
    await rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** Empties Redis while it runs. */
  async flush(): Promise<void> {
    const redis = new Redis(this.get('redis').url);
    await redis.flushall().finally(() => redis.disconnect());
  }

  /** Those that were ended are there again, and none hangs. */
  async restore(): Promise<void> {
    for (const name of [...this.frozen]) this.thaw(name);
    for (const name of [...this.away]) await this.begin(name);
  }

  async stop(): Promise<void> {
    for (const name of [...this.frozen]) this.thaw(name);
    await Promise.all(Object.values(this.servers).map((server) => server.stop()));
    await this.postgres.stop();
  }

  private get(name: ServerName): LocalServer {
    const server = this.servers[name];
    if (server === undefined) throw new Error(`${name} was never started`);
    return server;
  }
}

/** @param folder a Postgres data folder @returns the id of its main process, if one runs there */
export async function postmasterOf(folder: string): Promise<number | undefined> {
  const pid = await readFile(join(folder, 'postmaster.pid'), 'utf8').then(
    (text) => Number(text.split('\n')[0]),
    () => undefined,
  );
  return pid === undefined || Number.isNaN(pid) ? undefined : pid;
}

async function asked(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
