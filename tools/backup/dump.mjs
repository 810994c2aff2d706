import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { StartupError } from '../startup-error.mjs';
import { built, connect, databaseUrl, services } from './databases.mjs';
import { sealedUnder } from './master-key-name.mjs';

const name = pg.escapeIdentifier;
/** Of every database: what says how its schema came to be. Made anew when a backup is restored. */
const ofTheSchema = ['schema_migrations', 'schema_info'];
const format = 1;

/** What is known of erasures, by service, without anything of the erased: see `erasures.mjs`. */
const erasureTables = { profiles: ['tombstones'], operations: ['receipt_keys', 'receipts', 'erasures', 'erasure_users', 'erasure_organisations'] };

/**
 * Copies the databases, as they were at one moment, into a folder: of the kind `whole` into one that must not be there yet, of the kind `erasures` in
 * place of the copy before.
 *
 * @param {string} serverUrl @param {string} folder @param {{ kind: 'whole' | 'erasures', keys: { name: string, bytes: Buffer }[] }} options `keys`: the master keys that are given
 * @returns {Promise<{ tables: number, rows: number, masterKeys: string[] }>} `masterKeys`: names of those that it is sealed under
 */
export async function dump(serverUrl, folder, { kind, keys }) {
  const [draft, aside] = [`${folder}.part`, `${folder}.before`];
  if (kind === 'erasures') bringBack(folder, aside);
  refuseOthers(folder, kind);
  const wanted = kind === 'whole' ? services : Object.keys(erasureTables);
  const { rollcallVersion } = await built('libs/platform/database/src/index.js');
  const snapshots = await snapshotsOf(serverUrl, wanted);
  try {
    makeFolder(draft);
    const names = new Set([keys[0].name]);
    if (kind === 'whole') {
      const sealed = [];
      for (const [service, client] of snapshots.clients) sealed.push(...(await sealedUnder(client, service, keys)));
      if (sealed.length > 0) names.clear();
      for (const one of sealed) names.add(one);
    }
    const masterKeys = [...names];
    const manifest = { format, kind, version: rollcallVersion, taken_at: snapshots.takenAt, master_key: masterKeys[0], ...(masterKeys.length > 1 ? { master_keys: masterKeys } : {}), services: {} };
    for (const [service, client] of snapshots.clients) manifest.services[service] = await dumpService(client, join(draft, service), kind === 'whole' ? undefined : erasureTables[service]);
    if (kind === 'erasures') refuseLess(folder, manifest);
    // Last: a folder with it is whole.
    writeFileSync(join(draft, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`, { mode: 0o600, flush: true });
    // Whenever this is killed, one of them is whole: the copy before, or this one, which knows all that it knew.
    if (existsSync(folder)) renameSync(folder, aside);
    renameSync(draft, folder);
    if (kind === 'erasures' && existsSync(aside)) removeCopy(aside);
    const tables = Object.values(manifest.services).flatMap((service) => service.tables);
    return { tables: tables.length, rows: tables.reduce((sum, { rows }) => sum + rows, 0), masterKeys };
  } finally {
    for (const client of snapshots.clients.values()) await client.end();
  }
}

/** A run that was killed may have moved a copy aside: it is the copy again where nothing took its place, else it goes. */
function bringBack(folder, aside) {
  if (isFree(aside)) return;
  if (manifestOf(aside)?.kind !== 'erasures') throw new StartupError(`${aside} is there, and is no earlier copy of what is known of erasures: move it elsewhere, or name another folder.`);
  if (manifestOf(folder)?.kind === 'erasures') removeCopy(aside);
  else if (isFree(folder)) renameSync(aside, folder);
}

/** What says that it is a copy goes last: killed here, the next run knows what it removes. */
function removeCopy(folder) {
  for (const part of readdirSync(folder)) if (part !== 'manifest.json') rmSync(join(folder, part), { recursive: true });
  rmSync(folder, { recursive: true });
}

function isFree(folder) {
  return !existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0);
}

/** What is there goes only where it is an earlier copy of the same: a folder that was named by mistake may be anything, a whole backup for one. */
function refuseOthers(folder, kind) {
  if (kind === 'whole' && existsSync(folder)) throw new StartupError(`${folder} is there already: name a new folder.`);
  if (isFree(folder)) return;
  if (manifestOf(folder)?.kind !== kind) throw new StartupError(`${folder} is there already, and is no earlier copy of what is known of erasures: name that, or a new folder.`);
}

/** What is known of erasures only grows. Where less is known than before, the databases were restored without it, and the copy is what is left of it. */
function refuseLess(folder, manifest) {
  const counted = ({ services: found }) => Object.entries(found).flatMap(([service, { tables }]) => tables.map(({ name: table, rows }) => [`${service}.${table}`, rows]));
  const before = manifestOf(folder);
  const now = new Map(counted(manifest));
  if (before !== undefined && counted(before).some(([table, rows]) => rows > (now.get(table) ?? 0))) {
    throw new StartupError(`${folder} knows of erasures that the databases know nothing of, so these are of before: have who came back erased again (move the folder elsewhere, and npm run restore with it as --erasures), or name a new folder.`);
  }
}

function manifestOf(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Anew. @throws StartupError where that can't be done */
export function makeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
    makeFolders(folder);
  } catch (error) {
    throw new StartupError(`${folder} can't be made (${error.code}): name a folder that can be written to.`);
  }
}

/** With those above it. Not `recursive`: Node.js asks for ever where a folder is there and nothing can be made in it, as below /proc. */
function makeFolders(folder) {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** @throws StartupError for what is no backup, or is not whole */
export function readManifest(folder, kind) {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) {
    const isAside = kind === 'erasures' && manifestOf(`${folder}.before`)?.kind === 'erasures';
    throw new StartupError(isAside ? `${folder} is not there: a backup of what is known of erasures was killed as it took its place. The copy before is ${folder}.before: name that one.` : `${folder} has no manifest.json: it is no backup, or one that was broken off.`);
  }
  const manifest = parse(file);
  if (manifest.format !== format) throw new StartupError(`${folder} has the format ${manifest.format}, and this Rollcall reads ${format}: use the one that made it (${manifest.version}).`);
  if (manifest.kind !== kind) throw new StartupError(`${folder} holds ${manifest.kind === 'whole' ? 'a whole backup' : 'what is known of erasures'}, and ${kind === 'whole' ? 'a whole backup' : 'what is known of erasures'} is needed here.`);
  return manifest;
}

function parse(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new StartupError(`${file} is not the file that the backup wrote: it can't be read as JSON.`);
  }
}

/**
 * One moment for all databases: every change that concerns another service appends to its outbox, and while nobody may, for some
 * milliseconds, all snapshots are taken. So no database knows of an event that its sender's has not.
 */
async function snapshotsOf(serverUrl, wanted) {
  const clients = new Map();
  const locks = [];
  try {
    for (const service of wanted) {
      const url = await databaseUrl(serverUrl, service);
      clients.set(service, await connect(url));
      locks.push(await connect(url));
    }
    let takenAt;
    for (let attempt = 1; ; attempt += 1) {
      try {
        for (const lock of locks) await lock.query(`BEGIN; SET LOCAL lock_timeout = '2s'; LOCK TABLE outbox IN SHARE MODE`);
        break;
      } catch (error) {
        for (const lock of locks) await lock.query('ROLLBACK');
        // Somebody's long transaction; those who want to write must not wait for it behind us.
        if (error.code !== '55P03' || attempt === 30) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    for (const client of clients.values()) {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      takenAt = (await client.query('SELECT now() AS now')).rows[0].now.toISOString();
    }
    return { clients, takenAt };
  } catch (error) {
    for (const client of clients.values()) await client.end();
    throw error;
  } finally {
    for (const lock of locks) await lock.end();
  }
}

async function dumpService(client, folder, only) {
  mkdirSync(folder, { mode: 0o700 });
  const { rows: migrations } = await client.query('SELECT name FROM schema_migrations ORDER BY id');
  const tables = [];
  for (const table of await tablesOf(client)) {
    if (only !== undefined && !only.includes(table.name)) continue;
    const columns = table.columns.map(name).join(', ');
    const hash = createHash('sha256');
    const file = `${table.name}.copy.gz`;
    // A partitioned table is copied as a whole.
    const out = client.query(copy.to(`COPY (SELECT ${columns} FROM ${name(table.name)}) TO STDOUT`));
    const zipped = createGzip({ level: 5 });
    zipped.on('data', (chunk) => hash.update(chunk));
    await pipeline(out, zipped, createWriteStream(join(folder, file), { mode: 0o600, flags: 'wx', flush: true }));
    tables.push({ name: table.name, columns: table.columns, rows: out.rowCount, file, sha256: hash.digest('hex') });
  }
  return { migrations: migrations.map((row) => row.name), tables, partitions: await partitionsOf(client), sequences: await sequencesOf(client) };
}

/** Ordinary and partitioned tables, each after those that it refers to, with the columns that can be written. */
export async function tablesOf(client) {
  const { rows } = await client.query(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       ARRAY(SELECT r.relname::text FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS refers
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL ($1)
     GROUP BY c.oid, c.relname ORDER BY c.relname`,
    [ofTheSchema],
  );
  const ordered = [];
  for (let left = rows; left.length > 0; ) {
    const ready = left.filter(({ refers }) => refers.every((one) => ordered.some((table) => table.name === one)));
    if (ready.length === 0) throw new Error(`tables refer to one another in a circle: ${left.map((table) => table.name).join(', ')}`);
    ordered.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return ordered;
}

export async function partitionsOf(client) {
  const { rows } = await client.query(
    `SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound,
       (SELECT coalesce(json_object_agg(a.attname, a.attstattarget) FILTER (WHERE a.attstattarget >= 0), '{}') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS statistics
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE c.relispartition AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
  );
  return rows;
}

async function sequencesOf(client) {
  const { rows } = await client.query(`SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1`);
  return rows;
}

/** Reads a table of a backup into a table with these columns. @throws StartupError when the file is not the one that was written */
export async function copyIn(client, folder, { file, columns, sha256 }, into) {
  const hash = createHash('sha256');
  const zipped = createReadStream(join(folder, file));
  zipped.on('data', (chunk) => hash.update(chunk));
  try {
    await pipeline(zipped, createGunzip(), client.query(copy.from(`COPY ${name(into)} (${columns.map(name).join(', ')}) FROM STDIN`)));
  } catch (error) {
    if (!/^(Z_|E[A-Z]+$)/.test(error.code ?? '')) throw error;
    throw new StartupError(`${join(folder, file)} is not the file that the backup wrote: ${error.message}.`);
  }
  if (hash.digest('hex') !== sha256) throw new StartupError(`${join(folder, file)} is not the file that the backup wrote: its sum is another.`);
}
