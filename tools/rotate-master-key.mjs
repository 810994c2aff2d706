// npm run rotate-master-key: gives the data folder another master key, which the next start seals everything under
import './node-version.mjs';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readServicesConfig } from './services-config.mjs';
import { runOrExplain, StartupError } from './startup-error.mjs';

const guide = 'docs/administrators/master-key.md';

/**
 * May be broken off after any of its steps and run again: at every moment the folder has the key that the databases are sealed
 * under, as `master.key` or as `master.key.previous`.
 *
 * @returns a name by which the new key can be told from others, and nothing can be learnt of it
 */
export function rotateMasterKey(dataDir, env = process.env) {
  if (env.ROLLCALL_MASTER_KEY) throw new StartupError(`The master key is given by ROLLCALL_MASTER_KEY, not by the data folder: ${guide} says how it is changed there.`);
  const [present, previous, next] = ['master.key', 'master.key.previous', 'master.key.next'].map((name) => join(dataDir, name));
  if (!existsSync(present)) throw new StartupError(`There is no master key in ${dataDir}: the first start makes it. Is ROLLCALL_DATA_DIR the folder that Rollcall runs on?`);
  if (existsSync(previous) && read(previous) !== read(present)) throw new StartupError('The last change of the master key is not finished: start Rollcall once, which seals everything under the new one, then change it again.');
  rmSync(next, { force: true });
  const key = randomBytes(32).toString('base64');
  writeFileSync(next, `${key}\n`, { mode: 0o600, flush: true });
  // Broken off after this, both are the same key, and the next run goes on.
  if (!existsSync(previous)) linkSync(present, previous);
  renameSync(next, present);
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 8);
}

function read(file) {
  return readFileSync(file, 'utf8').trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runOrExplain(async () => {
    // Nothing is changed for whoever asks for help, or takes the folder for an argument.
    if (process.argv.length > 2) throw new StartupError('npm run rotate-master-key takes no arguments: ROLLCALL_DATA_DIR names the data folder.');
    const { dataDir } = readServicesConfig();
    const name = rotateMasterKey(dataDir);
    console.log(`There is a new master key (${name}) in ${join(dataDir, 'master.key')}.`);
    console.log('Start Rollcall anew: the start seals everything under it, and removes master.key.previous.');
    console.log('Backups from before can only be used with the key before: keep a copy of master.key.previous with them, if you keep any.');
  });
}
