import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { masterKey } from '../services-config.mjs';
import { StartupError } from '../startup-error.mjs';

/**
 * By which a master key can be told from others, and nothing can be learnt of it: as `npm run rotate-master-key` prints it.
 * @throws StartupError where there is none
 */
export function masterKeyName(dataDir, env = process.env) {
  if (!env.ROLLCALL_MASTER_KEY && !existsSync(join(dataDir, 'master.key'))) throw new StartupError(`There is no master key: set ROLLCALL_MASTER_KEY, or ROLLCALL_DATA_DIR to the folder that has it as master.key (${dataDir} has none).`);
  return createHash('sha256').update(Buffer.from(masterKey(dataDir, env), 'base64')).digest('hex').slice(0, 8);
}
