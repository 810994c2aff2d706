import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const present = 'master.key';
/** Put there by `npm run rotate-master-key`. */
const previous = 'master.key.previous';

/**
 * The key under which stored keys are sealed: from the data folder, made there on the first start (mode 0600).
 * Where it is given by the environment, nothing is written.
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

async function keyIn(dataDir: string, file: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, file), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
