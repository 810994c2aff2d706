import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMasterKey, masterKeyRule } from '#libs/platform/config';
import { StartupError } from '#libs/platform/errors';

const present = 'master.key';
/** Put there by `npm run rotate-master-key`. */
const previous = 'master.key.previous';

/**
 * The key under which stored keys are sealed: from the data folder, made there on the first start (mode 0600).
 * Where it is given by the environment, nothing is written.
 * @throws StartupError when the file is damaged
 */
export async function masterKeyIn(dataDir: string): Promise<string> {
  const found = await keyIn(dataDir, present);
  if (found !== undefined) return found;
  const key = randomBytes(32).toString('base64');
  await writeFile(join(dataDir, present), `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

/** The master key before, until a start has sealed everything under the present one. */
export async function previousMasterKeyIn(dataDir: string): Promise<string | undefined> {
  return keyIn(dataDir, previous);
}

/** Everything is sealed under the present one. */
export async function forgetPreviousMasterKey(dataDir: string): Promise<void> {
  await rm(join(dataDir, previous), { force: true });
}

/** @throws StartupError when the file holds something else: another key would open nothing */
async function keyIn(dataDir: string, file: string): Promise<string | undefined> {
  const path = join(dataDir, file);
  try {
    const key = (await readFile(path, 'utf8')).trim();
    if (!isMasterKey(key)) throw new StartupError(`${path} is damaged: it ${masterKeyRule}. Bring it back from where you keep a copy: what is sealed under the key can't be read without it.`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
