import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import { advisoryLocks } from './advisory-locks.js';
import { connectTimeoutMs, migrationsTableName } from './data-source.js';
import type { ServiceDatabase } from './database.module.js';
import { isUntrusted } from './postgres-errors.js';
import { rollcallVersion, isOlder } from './version.js';

/**
 * Creates the database where it is missing, brings its schema up to date, and refuses one that is ahead of us.
 * Safe to run from any number of processes at once.
 */
export async function prepareDatabase(dataSource: DataSource, definition: ServiceDatabase, logger: Logger): Promise<void> {
  const { url } = dataSource.options as PostgresDataSourceOptions & { url: string };
  await createIfMissing(url);
  if (!dataSource.isInitialized) await dataSource.initialize();
  const lock = new pg.Client({ connectionString: url });
  lock.on('error', () => undefined); // the queries below report it
  await lock.connect();
  try {
    // One process migrates, the others wait for it.
    await lock.query('SELECT pg_advisory_lock($1)', [advisoryLocks.migrations]);
    await refuseNewerSchema(lock, definition.service);
    const applied = await migrate(url, definition, lock);
    if (applied > 0) logger.info({ database: definition.service, migrations: applied }, 'database schema brought up to date');
  } finally {
    await lock.end();
  }
  await definition.check?.(dataSource);
}

/** @returns how many there were to do, each in a transaction of its own */
async function migrate(url: string, definition: ServiceDatabase, client: pg.Client): Promise<number> {
  const pending = await pendingMigrations(client, definition);
  if (pending === 0) return 0;
  // Connections of the service end a statement after seconds; filling a new column or index of a large table takes as long as it takes.
  const migrating = new DataSource({ type: 'postgres', url, applicationName: `rollcall-${definition.service}-migrations`, migrations: [...definition.migrations], migrationsTableName, poolSize: 1, extra: { options: '-c timezone=UTC -c jit=off -c statement_timeout=0' } });
  await migrating.initialize();
  try {
    return (await migrating.runMigrations({ transaction: 'each' })).length;
  } finally {
    await migrating.destroy();
  }
}

async function pendingMigrations(client: pg.Client, { migrations }: ServiceDatabase): Promise<number> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [migrationsTableName]);
  if (!rows[0]!.there) return migrations.length;
  const done = await client.query<{ name: string }>(`SELECT name FROM ${migrationsTableName}`);
  const names = new Set(done.rows.map(({ name }) => name));
  return migrations.filter(({ name }) => !names.has(name)).length;
}

/**
 * Looks for the database from the maintenance one: asking for it directly would leave an alarming line in Postgres' log.
 * Where there is no maintenance database for us, the database has to be there already, and connecting will tell.
 */
async function createIfMissing(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = clientOf(maintenance.toString(), connectTimeoutMs(url));
  client.on('error', () => undefined); // the queries below report it
  try {
    await client.connect();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === '28P01' || code === '28000') throw new StartupError(`DATABASE_URL is refused by PostgreSQL: ${message}.`);
    if (isUntrusted(error)) throw new StartupError(`DATABASE_URL asks for an encrypted connection that PostgreSQL does not give: ${message}.`);
    if (code === '3D000' || code === '42501') return;
    throw error;
  }
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '42501') throw new StartupError(`The database ${name} is missing and the user of DATABASE_URL may not create it: create it, or let the user.`);
    // Somebody else was faster; both codes are seen when two processes create one database at once.
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await client.end();
  }
}

/** @throws StartupError when a file that the address names, as in `sslrootcert`, can't be read */
function clientOf(connectionString: string, connectionTimeoutMillis: number): pg.Client {
  try {
    return new pg.Client({ connectionString, connectionTimeoutMillis });
  } catch (error) {
    const { path, message } = error as Error & { path?: string };
    throw path === undefined ? error : new StartupError(`DATABASE_URL names a file that can't be read: ${message}.`);
  }
}

async function refuseNewerSchema(client: pg.Client, service: string): Promise<void> {
  await client.query('CREATE TABLE IF NOT EXISTS schema_info (singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton), min_app_version text NOT NULL)');
  await client.query(`INSERT INTO schema_info (min_app_version) VALUES ('0.1.0') ON CONFLICT DO NOTHING`);
  const { rows } = await client.query<{ min_app_version: string }>('SELECT min_app_version FROM schema_info');
  const needed = rows[0]?.min_app_version ?? '0.0.0';
  if (isOlder(rollcallVersion, needed)) {
    throw new StartupError(`The ${service} database needs Rollcall ${needed} or newer, and this is ${rollcallVersion}: start the newer one, or restore a backup.`);
  }
}
