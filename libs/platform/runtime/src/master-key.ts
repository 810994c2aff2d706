import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The key under which stored keys are wrapped: from the data folder, made there on the first start (mode 0600).
 * Where it is given by the environment, nothing is written.
 */
export async function masterKeyIn(dataDir: string): Promise<string> {
  const file = join(dataDir, 'master.key');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = randomBytes(32).toString('base64');
  await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
