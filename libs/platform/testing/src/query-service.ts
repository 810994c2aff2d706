import pg from 'pg';
import { serviceDatabaseUrl } from '#libs/platform/database';

/** A connection to a service's own database, to stand in its way. Whoever asks for it ends it. */
export async function connectToService(serverUrl: string, service: string): Promise<pg.Client> {
  // What a spec asks is not what the platform asked (`PlatformServers.recordStatements`).
  const client = new pg.Client({ connectionString: serviceDatabaseUrl(serverUrl, service), options: '-c pg_stat_statements.track=none' });
  await client.connect();
  return client;
}

/**
 * Asks a service's own database, for what no API shows or makes.
 * @param serverUrl what `DATABASE_URL` is for the service
 */
export async function queryService<Row extends object>(serverUrl: string, service: string, text: string, parameters: unknown[] = []): Promise<Row[]> {
  const client = await connectToService(serverUrl, service);
  try {
    return (await client.query<Row>(text, parameters)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Holds up whoever needs a row: it is locked until it is released.
 * @param text finds the one row: `SELECT FROM feed WHERE seq = 1`
 * @returns releases it
 */
export async function lockRow(serverUrl: string, service: string, text: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
  const client = await connectToService(serverUrl, service);
  await client.query('BEGIN');
  const { rowCount } = await client.query(`${text} FOR UPDATE`, parameters);
  if (rowCount === 1) return () => client.end();
  await client.end();
  throw new Error(`${String(rowCount)} rows were found to be locked`);
}

/** A statement about databases as a whole, outside of all of them: `DROP DATABASE …`. */
export async function maintain(serverUrl: string, statement: string): Promise<void> {
  const maintenance = new URL(serverUrl);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.toString() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The name of a service's database. */
export function databaseName(serverUrl: string, service: string): string {
  return new URL(serviceDatabaseUrl(serverUrl, service)).pathname.slice(1);
}
