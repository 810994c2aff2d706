import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#libs/platform/database';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const role = 'application';
const password = 'of-the-application';

/** A Postgres that somebody else looks after, as Postgres comes: Rollcall has a role there that may make databases, and no more. */
export class ForeignPostgres {
  private constructor(
    /** All its files are here. */
    readonly folder: string,
    private readonly server: { url: string; stop(): Promise<void> },
  ) {}

  static async start(): Promise<ForeignPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-foreign-'));
    await chmod(folder, 0o711); // the server runs as another user and has to reach its own part of it
    const postgres = new ForeignPostgres(folder, await startEmbeddedPostgres({ dataDir: folder, log: silent }));
    await postgres.asSuperuser('postgres', `CREATE ROLE ${role} LOGIN CREATEDB PASSWORD '${password}'`, `ALTER SYSTEM SET wal_recycle = on`, 'SELECT pg_reload_conf()');
    return postgres;
  }

  /** What `DATABASE_URL` is for Rollcall. */
  get url(): string {
    const url = new URL(this.server.url);
    [url.username, url.password] = [role, password];
    return url.href;
  }

  /** Of the role of `url`, for what is granted to it. */
  get role(): string {
    return role;
  }

  async asSuperuser(database: string, ...statements: string[]): Promise<void> {
    const url = new URL(this.server.url);
    url.pathname = database;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
