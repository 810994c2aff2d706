import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { masterKey, previousMasterKey } from '../services-config.mjs';
import { StartupError } from '../startup-error.mjs';
import { built, connect, databaseUrl, existing, maintenanceUrl, services } from './databases.mjs';
import { dump, readManifest } from './dump.mjs';
import { eraseAgain, mergeErasures, mergeTombstones } from './erasures.mjs';
import { load, migrateToPresent, refuseNewer } from './load.mjs';
import { masterKeys, sealedUnder } from './master-key-name.mjs';

const name = pg.escapeIdentifier;

/**
 * Loads a backup under names of its own, erases there who was erased since, and gives the databases their names at last: nobody can be
 * served by one from which somebody may come back. Broken off anywhere, it can be run again.
 *
 * @param {object} options
 * @param {string} options.serverUrl what DATABASE_URL is for the services @param {string} options.dataDir for the master key
 * @param {string} options.folder the backup @param {string | undefined} options.erasures newer knowledge of erasures
 * @param {boolean} options.replace whether databases that are there may go @param {(line: string) => void} options.log
 * @returns {Promise<{ takenAt: string, rows: number, erasures: number, users: number }>}
 */
export async function restore({ serverUrl, dataDir, folder, erasures, replace, log }) {
  const manifest = readManifest(folder, 'whole');
  const given = erasures === undefined ? [] : [{ folder: erasures, manifest: readManifest(erasures, 'erasures') }];
  const keys = masterKeys(dataDir);
  const keyNames = keys.map((key) => key.name);
  const needed = manifest.master_keys ?? [manifest.master_key];
  if (!needed.every((one) => keyNames.includes(one))) {
    throw new StartupError(`The backup is sealed under the master key ${needed.join(' and the one before, ')}, and the one given is ${keyNames.join(', the one before ')}: give the key of that time, by ROLLCALL_MASTER_KEY, or by ROLLCALL_MASTER_KEY_PREVIOUS beside the present one.`);
  }
  await refuseNewer(manifest);

  const draftUrl = draftOf(serverUrl);
  const names = await namesOf(serverUrl);
  const drafts = await namesOf(draftUrl);
  const admin = await connect(maintenanceUrl(serverUrl));
  try {
    await dropLeftOver(admin, drafts, log);
    const present = await idle(admin, names);
    if (present.length > 0 && !replace) throw new StartupError(`There are databases already (${present.join(', ')}): --replace lets them go, once the backup is loaded.`);

    const known = [...given, ...(await ofTheReplaced({ serverUrl, folder, present, names, keys, log }))];
    if (known.length === 0) log('Nothing is known of erasures since the backup: the databases of before are gone, and no --erasures were given.');
    const outcome = await fill().catch(async (error) => {
      // Nobody would erase in them.
      await drop(admin, drafts).catch(() => undefined);
      throw error;
    });

    await drop(admin, names);
    for (const service of services) await admin.query(`ALTER DATABASE ${name(drafts[service])} RENAME TO ${name(names[service])}`);
    const rows = Object.values(manifest.services).flatMap(({ tables }) => tables).reduce((sum, table) => sum + table.rows, 0);
    return { takenAt: manifest.taken_at, rows, ...outcome };

    async function fill() {
      for (const service of services) {
        log(`Loading ${service} …`);
        await load(draftUrl, service, folder, manifest);
        await refuseAnotherKey(draftUrl, service, keys);
      }
      return eraseSince({ serverUrl: draftUrl, dataDir, known, log });
    }
  } finally {
    await admin.end();
  }
}

/**
 * The second half of it, for databases that were restored by other means, under their own names.
 *
 * @param {{ serverUrl: string, dataDir: string, erasures: string, log: (line: string) => void }} options
 * @returns {Promise<{ erasures: number, users: number }>}
 */
export async function eraseInRestored({ serverUrl, dataDir, erasures, log }) {
  const known = [{ folder: erasures, manifest: readManifest(erasures, 'erasures') }];
  masterKeys(dataDir);
  const names = await namesOf(serverUrl);
  const admin = await connect(maintenanceUrl(serverUrl));
  try {
    await dropLeftOver(admin, await namesOf(draftOf(serverUrl)), log);
    const present = await idle(admin, names);
    const missing = Object.values(names).filter((one) => !present.includes(one));
    if (missing.length > 0) throw new StartupError(`There is no database ${missing.join(', ')}: restore all four first, or name the backup to restore.`);
  } finally {
    await admin.end();
  }
  for (const service of services) await migrateToPresent(serverUrl, service);
  return eraseSince({ serverUrl, dataDir, known, log });
}

/** @returns the names of those that are there @throws StartupError where somebody is connected to one */
async function idle(admin, names) {
  const present = await existing(admin, Object.values(names));
  const busy = present.find(({ connections }) => connections > 0);
  if (busy !== undefined) throw new StartupError(`The database ${busy.name} is in use: stop every process of Rollcall first.`);
  return present.map((one) => one.name);
}

/** What a restore that was killed had loaded: nobody is ever erased in it. @throws StartupError where somebody is connected, such as another restore */
async function dropLeftOver(admin, drafts, log) {
  const left = await existing(admin, Object.values(drafts));
  const busy = left.find(({ connections }) => connections > 0);
  if (busy !== undefined) throw new StartupError(`The database ${busy.name} of a restore is in use: wait until the restore that is under way is through, or end whoever is connected.`);
  if (left.length === 0) return;
  await drop(admin, drafts);
  log(`Removed what a restore that was broken off had left: ${left.map((one) => one.name).join(', ')}.`);
}

/** A backup may name another key than the one that it is sealed under: earlier versions noted what was given to them. */
async function refuseAnotherKey(serverUrl, service, keys) {
  const client = await connect(await databaseUrl(serverUrl, service));
  try {
    await sealedUnder(client, service, keys);
  } finally {
    await client.end();
  }
}

async function eraseSince({ serverUrl, dataDir, known, log }) {
  const merged = [];
  for (const source of known) merged.push(await mergeErasures(serverUrl, source.folder, source.manifest));
  const [later, scheduled] = [merged.flatMap((one) => one.later), merged.flatMap((one) => one.scheduled)];
  const erasures = later.length + scheduled.length;
  const users = erasures === 0 ? 0 : await replay({ serverUrl, dataDir, erasures: { later, scheduled }, log });
  for (const source of known) await mergeTombstones(serverUrl, source.folder, source.manifest);
  return { erasures, users };
}

/** What the databases know that are there now: they go, and so it is kept beside the backup first. Also that of an earlier try, which was broken off. */
async function ofTheReplaced({ serverUrl, folder, present, names, keys, log }) {
  const kept = join(folder, 'erasures-of-the-replaced');
  if ([names.profiles, names.operations].every((one) => present.includes(one))) {
    await dump(serverUrl, kept, { kind: 'erasures', keys });
    log(`What the databases of before know of erasures is in ${kept}.`);
  }
  return existsSync(kept) ? [{ folder: kept, manifest: readManifest(kept, 'erasures') }] : [];
}

/** All services but the gateway, in this process: nobody reaches them, and they do what they do on every day. */
async function replay({ serverUrl, dataDir, erasures, log }) {
  log(`Erasing again who was erased since: ${erasures.later.length + erasures.scheduled.length} erasures …`);
  const [{ run }, { operations }, ...targets] = await Promise.all([
    built('libs/platform/runtime/src/index.js'),
    built('libs/contracts/src/index.js'),
    ...['identity', 'profiles', 'membership', 'workers'].map(async (one) => (await built(`libs/${one}/src/index.js`))[`${one}Target`]),
  ]);
  const environment = { LOG_LEVEL: 'warn', ...process.env, DATABASE_URL: serverUrl, ROLLCALL_MASTER_KEY: masterKey(dataDir), ROLLCALL_MASTER_KEY_PREVIOUS: previousMasterKey(dataDir), ROLLCALL_DATA_DIR: dataDir, HEALTH_PORT: undefined };
  const running = await run('restore', targets, environment);
  try {
    await running.started;
    return await eraseAgain(running.rpc, operations, erasures);
  } finally {
    await running.stop();
  }
}

function draftOf(serverUrl) {
  const url = new URL(serverUrl);
  const base = url.pathname.slice(1);
  url.pathname = `/${base === '' || base === 'postgres' ? 'rollcall' : base}_restoring`;
  return url.toString();
}

async function namesOf(serverUrl) {
  const entries = await Promise.all(services.map(async (service) => [service, new URL(await databaseUrl(serverUrl, service)).pathname.slice(1)]));
  return Object.fromEntries(entries);
}

async function drop(admin, names) {
  for (const database of Object.values(names)) await admin.query(`DROP DATABASE IF EXISTS ${name(database)}`);
}
