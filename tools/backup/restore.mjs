import { join } from 'node:path';
import pg from 'pg';
import { masterKey } from '../services-config.mjs';
import { StartupError } from '../startup-error.mjs';
import { built, connect, databaseUrl, existing, maintenanceUrl, services } from './databases.mjs';
import { dump, readManifest } from './dump.mjs';
import { eraseAgain, mergeErasures, mergeTombstones } from './erasures.mjs';
import { load, refuseNewer } from './load.mjs';
import { masterKeyName } from './master-key-name.mjs';

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
  const given = erasures === undefined ? undefined : readManifest(erasures, 'erasures');
  const keyName = masterKeyName(dataDir);
  if (manifest.master_key !== keyName) throw new StartupError(`The backup is sealed under the master key ${manifest.master_key}, and the one given is ${keyName}: give the key of that time, by ROLLCALL_MASTER_KEY or as master.key in the data folder.`);
  await refuseNewer(manifest);

  const draftUrl = draftOf(serverUrl);
  const names = await namesOf(serverUrl);
  const drafts = await namesOf(draftUrl);
  const admin = await connect(maintenanceUrl(serverUrl));
  try {
    const present = await existing(admin, Object.values(names));
    const busy = present.find(({ connections }) => connections > 0);
    if (busy !== undefined) throw new StartupError(`The database ${busy.name} is in use: stop every process of Rollcall first.`);
    if (present.length > 0 && !replace) throw new StartupError(`There are databases already (${present.map((one) => one.name).join(', ')}): --replace lets them go, once the backup is loaded.`);

    const known = await newestErasures({ serverUrl, folder, present, names, given: given && { folder: erasures, manifest: given }, keyName, log });
    if (known.length === 0) log('Nothing is known of erasures since the backup: the databases of before are gone, and no --erasures were given.');
    await drop(admin, drafts);
    for (const service of services) {
      log(`Loading ${service} …`);
      await load(draftUrl, service, folder, manifest);
    }
    const merged = [];
    for (const source of known) merged.push(await mergeErasures(draftUrl, source.folder, source.manifest));
    const [later, scheduled] = [merged.flatMap((one) => one.later), merged.flatMap((one) => one.scheduled)];
    const users = later.length + scheduled.length === 0 ? 0 : await replay({ draftUrl, dataDir, erasures: { later, scheduled }, log });
    for (const source of known) await mergeTombstones(draftUrl, source.folder, source.manifest);

    await drop(admin, names);
    for (const service of services) await admin.query(`ALTER DATABASE ${name(drafts[service])} RENAME TO ${name(names[service])}`);
    const rows = Object.values(manifest.services).flatMap(({ tables }) => tables).reduce((sum, table) => sum + table.rows, 0);
    return { takenAt: manifest.taken_at, rows, erasures: later.length + scheduled.length, users };
  } finally {
    await admin.end();
  }
}

/** What is given, and what the databases know that are there now: they go, and so it is kept beside the backup first. */
async function newestErasures({ serverUrl, folder, present, names, given, keyName, log }) {
  const known = given === undefined ? [] : [given];
  const kept = join(folder, 'erasures-of-the-replaced');
  if ([names.profiles, names.operations].every((one) => present.some((database) => database.name === one))) {
    await dump(serverUrl, kept, { kind: 'erasures', masterKeyName: keyName });
    log(`What the databases of before know of erasures is in ${kept}.`);
  }
  try {
    known.push({ folder: kept, manifest: readManifest(kept, 'erasures') });
  } catch (error) {
    if (!(error instanceof StartupError)) throw error; // there are none, and were none
  }
  return known;
}

/** All services but the gateway, in this process: nobody reaches them, and they do what they do on every day. */
async function replay({ draftUrl, dataDir, erasures, log }) {
  log(`Erasing again who was erased since: ${erasures.later.length + erasures.scheduled.length} erasures …`);
  const [{ run }, { operations }, ...targets] = await Promise.all([
    built('libs/platform/runtime/src/index.js'),
    built('libs/contracts/src/index.js'),
    ...['identity', 'profiles', 'membership', 'workers'].map(async (one) => (await built(`libs/${one}/src/index.js`))[`${one}Target`]),
  ]);
  const environment = { LOG_LEVEL: 'warn', ...process.env, DATABASE_URL: draftUrl, ROLLCALL_MASTER_KEY: masterKey(dataDir), ROLLCALL_DATA_DIR: dataDir, HEALTH_PORT: undefined };
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
