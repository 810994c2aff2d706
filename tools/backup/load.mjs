import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../startup-error.mjs';
import { built, connect, databaseUrl, migrations } from './databases.mjs';
import { copyIn, partitionsOf, tablesOf } from './dump.mjs';

const name = pg.escapeIdentifier;

/** Finds out before anything is made. @throws StartupError when the backup is of a Rollcall that is newer than this one */
export async function refuseNewer(manifest) {
  for (const [service, { migrations: applied }] of Object.entries(manifest.services)) {
    const known = (await migrations(service)).map((migration) => migration.name);
    const unknown = applied.find((one) => !known.includes(one));
    if (unknown !== undefined) throw new StartupError(`The backup is of Rollcall ${manifest.version}, whose ${service} database has the migration ${unknown} that this one does not know: restore it with that version or a newer one.`);
  }
}

/** Makes a service's database anew, with the schema that the backup had, fills it, and brings it up to date. */
export async function load(serverUrl, service, folder, manifest) {
  const { migrations: applied, tables, partitions, sequences } = manifest.services[service];
  await makeSchema(serverUrl, service, (await migrations(service)).filter((migration) => applied.includes(migration.name)));
  const client = await connect(await databaseUrl(serverUrl, service));
  try {
    await client.query('BEGIN');
    const present = await tablesOf(client);
    const different = tables.find((table) => !present.some((one) => one.name === table.name)) ?? present.find((table) => !tables.some((one) => one.name === table.name));
    if (different !== undefined) throw new Error(`the table ${service}.${different.name} is in the backup or in the schema, and not in both`);
    // What migrations have put there is in the backup, as it has become; and triggers have done their part before it was taken.
    await client.query(`TRUNCATE ${present.map((table) => name(table.name)).join(', ')}`);
    await makePartitions(client, partitions);
    const withTriggers = await tablesWithTriggers(client);
    for (const table of withTriggers) await client.query(`ALTER TABLE ${name(table)} DISABLE TRIGGER USER`);
    for (const { name: tableName } of present) {
      const table = tables.find((one) => one.name === tableName);
      await copyIn(client, join(folder, service), table, tableName);
    }
    for (const sequence of sequences) await client.query('SELECT setval($1::regclass, $2)', [`public.${name(sequence.name)}`, sequence.value]);
    for (const table of withTriggers) await client.query(`ALTER TABLE ${name(table)} ENABLE TRIGGER USER`);
    await client.query('COMMIT');
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
  await migrateToPresent(serverUrl, service);
}

/** As a start does it. */
export async function migrateToPresent(serverUrl, service) {
  await makeSchema(serverUrl, service, await migrations(service));
}

async function makeSchema(serverUrl, service, wanted) {
  const [{ createDataSource }, { prepareDatabase }] = await Promise.all([built('libs/platform/database/src/data-source.js'), built('libs/platform/database/src/prepare-database.js')]);
  const definition = { service, entities: [], migrations: wanted };
  const logger = { info: () => undefined, debug: () => undefined, warn: () => undefined, error: () => undefined };
  const dataSource = createDataSource(definition, { DATABASE_URL: serverUrl, DATABASE_POOL_SIZE: 2 }, logger);
  try {
    await prepareDatabase(dataSource, definition, logger);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

/** As they were: the months of one depend on when it was installed. */
async function makePartitions(client, wanted) {
  const present = await partitionsOf(client);
  const isSame = (one, other) => one.name === other.name && one.parent === other.parent && one.bound === other.bound;
  for (const partition of present) if (!wanted.some((one) => isSame(one, partition))) await client.query(`DROP TABLE ${name(partition.name)}`);
  for (const partition of wanted) {
    if (present.some((one) => isSame(one, partition))) continue;
    await client.query(`CREATE TABLE ${name(partition.name)} PARTITION OF ${name(partition.parent)} ${partition.bound}`);
    for (const [column, target] of Object.entries(partition.statistics)) await client.query(`ALTER TABLE ${name(partition.name)} ALTER ${name(column)} SET STATISTICS ${Number(target)}`);
  }
}

async function tablesWithTriggers(client) {
  const { rows } = await client.query(`SELECT DISTINCT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition`);
  return rows.map((row) => row.name);
}
