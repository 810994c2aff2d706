import { Redis } from 'ioredis';
import pg from 'pg';
import { serviceDatabaseUrl } from '#libs/platform/database';
import { eventually, onCleanUp, testDatabaseUrl, testPostgres, testRedis, type TestServer } from '#libs/platform/testing';

export type StoreKind = 'redis' | 'postgres';

/** A store of the job queue, and what may happen to one. */
export interface TestStore {
  readonly kind: StoreKind;
  readonly environment: Record<string, string>;
  /** As BullMQ takes it. */
  readonly url: string;
  /** Nobody reaches it any more, until `back()`. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** It loses everything, and goes on. */
  lose(): Promise<void>;
  /** Everything it holds, as text. */
  dump(): Promise<string>;
}

export async function testStore(kind: StoreKind): Promise<TestStore> {
  return kind === 'redis' ? new RedisStore(await testRedis()) : PostgresStore.create();
}

class RedisStore implements TestStore {
  readonly kind = 'redis';

  constructor(private readonly server: TestServer) {}

  get url(): string {
    return this.server.url;
  }

  get environment(): Record<string, string> {
    return { REDIS_URL: this.url };
  }

  async away(): Promise<void> {
    await this.server.kill();
  }

  async back(): Promise<void> {
    await this.server.start();
  }

  async lose(): Promise<void> {
    await this.with((redis) => redis.flushall());
  }

  async dump(): Promise<string> {
    return this.with(async (redis) => {
      const texts: unknown[] = [];
      for (const key of await redis.keys('*')) {
        const type = await redis.type(key);
        texts.push(key, type === 'hash' ? await redis.hgetall(key) : type === 'stream' ? await redis.xrange(key, '-', '+') : type === 'string' ? await redis.get(key) : '');
      }
      return JSON.stringify(texts);
    });
  }

  private async with<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}

class PostgresStore implements TestStore {
  readonly kind = 'postgres';

  private constructor(
    private readonly serverUrl: string,
    private readonly admin: pg.Pool,
  ) {}

  static async create(): Promise<PostgresStore> {
    const admin = new pg.Pool({ connectionString: testPostgres().url, max: 1 });
    onCleanUp(() => admin.end());
    const store = new PostgresStore(await testDatabaseUrl(), admin);
    await admin.query(`CREATE DATABASE ${store.database}`);
    return store;
  }

  get url(): string {
    return serviceDatabaseUrl(this.serverUrl, 'operations');
  }

  get environment(): Record<string, string> {
    return { DATABASE_URL: this.serverUrl };
  }

  async away(): Promise<void> {
    await this.admin.query(`ALTER DATABASE ${this.database} ALLOW_CONNECTIONS false`);
    await this.admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [this.database]);
  }

  async back(): Promise<void> {
    await this.admin.query(`ALTER DATABASE ${this.database} ALLOW_CONNECTIONS true`);
  }

  async lose(): Promise<void> {
    await this.with(async (client) => {
      const { rows } = await client.query<{ name: string }>(`SELECT format('bullmq.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'`);
      await eventually(() => client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')} CASCADE`)); // may meet a worker that has locked them in another order
    });
  }

  async dump(): Promise<string> {
    return this.with(async (client) => {
      const { rows } = await client.query<{ name: string }>(`SELECT format('bullmq.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq'`);
      const tables: unknown[] = [];
      for (const { name } of rows) tables.push(name, (await client.query(`SELECT * FROM ${name}`)).rows);
      return JSON.stringify(tables);
    });
  }

  private get database(): string {
    return new URL(this.url).pathname.slice(1);
  }

  private async with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}
