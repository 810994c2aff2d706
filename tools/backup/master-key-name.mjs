import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { masterKey, previousMasterKey } from '../services-config.mjs';
import { StartupError } from '../startup-error.mjs';
import { built } from './databases.mjs';

/**
 * The master keys that are given, with names by which they can be told from one another and nothing can be learnt of them: as `npm run
 * rotate-master-key` prints them.
 * @returns {{ name: string, bytes: Buffer }[]} the present one, then the one before where it is given
 * @throws StartupError where there is none
 */
export function masterKeys(dataDir, env = process.env) {
  if (!env.ROLLCALL_MASTER_KEY && !existsSync(join(dataDir, 'master.key'))) throw new StartupError(`There is no master key: set ROLLCALL_MASTER_KEY, or ROLLCALL_DATA_DIR to the folder that has it as master.key (${dataDir} has none).`);
  const given = [masterKey(dataDir, env), previousMasterKey(dataDir, env)].filter(Boolean).map((key) => Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? 'hex' : 'base64'));
  return given.map((bytes) => ({ name: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes }));
}

/**
 * Which of the keys a service's database is sealed under: a change of the master key is under way until every service has started anew, so
 * that this may be the one before, or both.
 * @param {import('pg').Client} client of the service's database @param {{ name: string, bytes: Buffer }[]} keys
 * @returns {Promise<string[]>} names; none where nothing is sealed yet
 * @throws StartupError where none of them opens it
 */
export async function sealedUnder(client, service, keys) {
  const { openRoot } = await built('libs/platform/keys/src/index.js');
  // A database from before data keys has no such table, and what it holds from before is null.
  const { rows: tables } = await client.query(`SELECT to_regclass('public.data_keys') IS NOT NULL AS present`);
  const { rows } = tables[0].present ? await client.query('SELECT name, sealed FROM data_keys WHERE sealed IS NOT NULL') : { rows: [] };
  const names = rows.map((row) => keys.find(({ bytes }) => openRoot(bytes, service, row) !== null)?.name);
  if (names.includes(undefined)) throw new StartupError(`The master key (${keys.map((key) => key.name).join(', and the one before, ')}) does not open the keys in the ${service} database: give the one that Rollcall was last started with, by ROLLCALL_MASTER_KEY or by the data folder of ROLLCALL_DATA_DIR.`);
  return names;
}
