import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database, databaseConfig, DatabaseModule, serviceDatabaseUrl, type ServiceDatabase } from '#libs/platform/database';
import { Readiness } from '#libs/platform/telemetry';
import { testApp } from './test-app.js';
import { testPostgres } from './test-postgres.js';

/**
 * A `DATABASE_URL` of the run's Postgres under which no service has a database yet. They go with the server.
 * @param migrated a service that has one, with its schema: a copy of one that the run migrates once
 */
export async function testDatabaseUrl(migrated?: ServiceSchema): Promise<string> {
  const url = new URL(testPostgres().url);
  url.pathname = `/test_${randomBytes(6).toString('hex')}`;
  if (migrated !== undefined) await copySchema(migrated, url.toString());
  return url.toString();
}

type ServiceSchema = Pick<ServiceDatabase, 'service' | 'migrations'>;

/** Workers of the run share the copies' origin: whoever is first makes it, the others wait. */
async function copySchema(schema: ServiceSchema, serverUrl: string): Promise<void> {
  const origin = new URL(testPostgres().url);
  origin.pathname = '/origin';
  const [from, to] = [origin.toString(), serverUrl].map((url) => new URL(serviceDatabaseUrl(url, schema.service)).pathname.slice(1)) as [string, string];
  const admin = new pg.Client({ connectionString: testPostgres().url });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [from]);
    if ((await admin.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [from])).rowCount === 0) {
      await migrate(schema, origin.toString());
      await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(from)} IS_TEMPLATE true`);
    }
    await admin.query('SELECT pg_advisory_unlock_all()');
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(to)} TEMPLATE ${pg.escapeIdentifier(from)}`);
  } finally {
    await admin.end();
  }
}

async function migrate(schema: ServiceSchema, serverUrl: string): Promise<void> {
  const app = await testApp({ imports: [DatabaseModule.forService({ entities: [], ...schema })], configs: [databaseConfig], environment: { DATABASE_URL: serverUrl } });
  await app.get(Readiness).whenStarted();
  await app.close();
}

export interface TestDatabase {
  readonly database: Database;
  /** What `DATABASE_URL` is for it. */
  readonly serverUrl: string;
  /** The service's own database. */
  readonly url: string;
}

/** A new database of the service, open and migrated. Closed after the spec file. */
export async function testDatabase(service: string, definition: Partial<Omit<ServiceDatabase, 'service'>> = {}): Promise<TestDatabase> {
  const serverUrl = await testDatabaseUrl();
  const app = await testApp({
    imports: [DatabaseModule.forService({ service, entities: [], migrations: [], ...definition })],
    configs: [databaseConfig],
    environment: { DATABASE_URL: serverUrl },
  });
  await app.get(Readiness).whenStarted();
  return { database: app.get(Database, { strict: false }), serverUrl, url: serviceDatabaseUrl(serverUrl, service) };
}
