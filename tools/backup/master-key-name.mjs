import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { masterKey, previousMasterKey } from '../services-config.mjs';
import { StartupError } from '../startup-error.mjs';

/**
 * By which master keys can be told from one another, and nothing can be learnt of them: as `npm run rotate-master-key` prints it.
 * @returns {string[]} that of the present one, and that of the one before where it is given
 * @throws StartupError where there is none
 */
export function masterKeyNames(dataDir, env = process.env) {
  if (!env.ROLLCALL_MASTER_KEY && !existsSync(join(dataDir, 'master.key'))) throw new StartupError(`There is no master key: set ROLLCALL_MASTER_KEY, or ROLLCALL_DATA_DIR to the folder that has it as master.key (${dataDir} has none).`);
  return [masterKey(dataDir, env), previousMasterKey(dataDir, env)].filter(Boolean).map((key) => createHash('sha256').update(bytesOf(key)).digest('hex').slice(0, 8));
}

/** @returns {Buffer} the present master key @throws StartupError where there is none */
export function masterKeyBytes(dataDir, env = process.env) {
  masterKeyNames(dataDir, env);
  return bytesOf(masterKey(dataDir, env));
}

function bytesOf(key) {
  return Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? 'hex' : 'base64');
}
