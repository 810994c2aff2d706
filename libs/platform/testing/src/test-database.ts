import { randomBytes } from 'node:crypto';
import { Database, databaseConfig, DatabaseModule, serviceDatabaseUrl, type ServiceDatabase } from '#libs/platform/database';
import { Readiness } from '#libs/platform/telemetry';
import { testApp } from './test-app.js';
import { testPostgres } from './test-postgres.js';

/** A `DATABASE_URL` of the run's Postgres under which no service has a database yet. They go with the server. */
export async function testDatabaseUrl(): Promise<string> {
  const url = new URL(testPostgres().url);
  url.pathname = `/test_${randomBytes(6).toString('hex')}`;
  return url.toString();
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
