import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartupError } from './startup-error.mjs';

/** What the watching process itself needs of the environment; everything else is checked by the services. */
export function readServicesConfig(env = process.env) {
  const port = env.PORT || '3000';
  if (!/^\d+$/.test(port) || Number(port) > 65_535) throw new StartupError('PORT is wrong: it must be a whole number from 0 to 65535.');
  return { port: Number(port), host: env.HOST || '127.0.0.1', dataDir: resolve(env.ROLLCALL_DATA_DIR || '.rollcall') };
}

/** The master key before, which `npm run rotate-master-key` has put aside; undefined where there is none. Read it before `masterKey`: a change puts it there first. */
export function previousMasterKey(dataDir, env = process.env) {
  if (env.ROLLCALL_MASTER_KEY || env.ROLLCALL_MASTER_KEY_PREVIOUS) return env.ROLLCALL_MASTER_KEY_PREVIOUS;
  const file = join(dataDir, 'master.key.previous');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/**
 * Everything is sealed under the present one of these keys, so the one before goes. It stays where the folder has others by now: somebody
 * changes the key again, and what is sealed is sealed under one of the files.
 */
export function forgetPreviousMasterKey(dataDir, { present, previous }, env = process.env) {
  if (env.ROLLCALL_MASTER_KEY || env.ROLLCALL_MASTER_KEY_PREVIOUS || previous === undefined || previous === present) return;
  if (masterKey(dataDir, env) === present && previousMasterKey(dataDir, env) === previous) rmSync(join(dataDir, 'master.key.previous'), { force: true });
}

/** The key that seals all others: 32 random bytes in base64, made once for a data folder and readable by its owner alone. */
export function masterKey(dataDir, env = process.env) {
  if (env.ROLLCALL_MASTER_KEY) return env.ROLLCALL_MASTER_KEY;
  const file = join(dataDir, 'master.key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error.code !== 'ENOENT') throw new StartupError(`The master key can't be read from ${file} (${error.code}): make it readable, or set ROLLCALL_MASTER_KEY.`);
  }
  // It appears whole or not at all: half a key would lock everything that it wraps.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  linkSync(draft, file);
  rmSync(draft);
  return readFileSync(file, 'utf8').trim();
}
