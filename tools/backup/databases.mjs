import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { root } from '../checkout.mjs';
import { StartupError } from '../startup-error.mjs';

/** @param {string} path of what was built, below dist */
export const built = (path) => import(pathToFileURL(join(root, 'dist', path)).href);

/** The services that keep something. In the order in which they are copied and loaded. */
export const services = ['identity', 'profiles', 'membership', 'operations'];

const migrationsOf = {
  identity: ['libs/identity/src/database/migrations.js'],
  profiles: ['libs/profiles/src/database/migrations.js'],
  membership: ['libs/membership/src/database/migrations.js'],
  operations: ['libs/workers/src/database/migrations.js'],
};

/** The migrations of a service that this Rollcall knows, in their order. */
export async function migrations(service) {
  const exported = Object.values(await built(migrationsOf[service][0]));
  const list = exported.find((value) => Array.isArray(value));
  if (list === undefined) throw new Error(`${migrationsOf[service][0]} has no list of migrations`);
  return list;
}

/** @param {string} serverUrl what DATABASE_URL is for the services */
export async function databaseUrl(serverUrl, service) {
  const { serviceDatabaseUrl } = await built('libs/platform/database/src/index.js');
  return serviceDatabaseUrl(serverUrl, service);
}

/** A connection that outlasts whatever a statement takes. @throws StartupError where nothing answers */
export async function connect(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  client.on('error', () => undefined); // the queries report it
  try {
    await client.connect();
  } catch (error) {
    const name = new URL(url).pathname.slice(1);
    // 3D000: a server of Rollcall's, but not one that has this of its databases.
    if (error.code === '3D000') throw new StartupError(`The database ${name} is not on the server of DATABASE_URL, and this takes one server for all four. Where services have servers of their own, docs/operating-backup.md says what to do.`);
    throw new StartupError(`The database ${name} can't be opened: ${error.message}.`);
  }
  await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
  return client;
}

/** Where databases are made and named. */
export function maintenanceUrl(serverUrl) {
  const url = new URL(serverUrl);
  url.pathname = '/postgres';
  return url.toString();
}

/** @returns which of the databases are there, by name, with how many connections */
export async function existing(client, names) {
  const { rows } = await client.query(`SELECT datname AS name, (SELECT count(*)::int FROM pg_stat_activity a WHERE a.datname = d.datname AND a.backend_type = 'client backend') AS connections FROM pg_database d WHERE datname = ANY ($1)`, [names]);
  return rows;
}

/**
 * The Postgres to work on: that of DATABASE_URL, else the embedded one of the data folder, which is started where it does not run.
 * @param {{ mayRun: boolean }} options `mayRun`: a Rollcall may be running on the folder; else it must not, and the folder is held until `release`
 * @returns {Promise<{ url: string, release(): Promise<void> }>}
 */
export async function openServer(dataDir, { mayRun, env = process.env }) {
  if (env.DATABASE_URL) {
    if (!/^postgres(ql)?:/.test(env.DATABASE_URL) || !URL.canParse(env.DATABASE_URL)) throw new StartupError('DATABASE_URL is wrong: it must be a postgres:// address.');
    return { url: env.DATABASE_URL, release: async () => undefined };
  }
  if (!existsSync(dataDir)) throw new StartupError(`There is no folder ${dataDir}, and DATABASE_URL is not set: ROLLCALL_DATA_DIR names the folder that Rollcall runs on.`);
  const running = mayRun ? await runningUrl(join(dataDir, 'postgres')) : undefined;
  if (running !== undefined) return { url: running, release: async () => undefined };
  const { claimDataFolder, startEmbeddedPostgres } = await built('libs/platform/database/src/index.js');
  const claim = await claimDataFolder(dataDir);
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: { debug: () => undefined, info: () => undefined, warn: (line) => console.error(line) } });
    return {
      url: postgres.url,
      release: async () => {
        await postgres.stop();
        await claim.release();
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** Where the embedded Postgres of a running Rollcall answers; undefined where none does. */
async function runningUrl(folder) {
  try {
    const port = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[3];
    const password = readFileSync(join(folder, 'rollcall.password'), 'utf8').trim();
    const url = `postgres://rollcall:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    await (await connect(url)).end();
    return url;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof StartupError) return undefined;
    throw error;
  }
}
