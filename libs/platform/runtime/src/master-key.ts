import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMasterKey, masterKeyRule } from '#libs/platform/config';
import { StartupError } from '#libs/platform/errors';

const present = 'master.key';
/** Put there by `npm run rotate-master-key`. */
const previous = 'master.key.previous';

/** The keys of a data folder as text. `previous`: the one before, until a start has sealed everything under the present one. */
export interface MasterKeys {
  present: string;
  previous: string | undefined;
}

/**
 * The key under which stored keys are sealed: from the data folder, made there on the first start (mode 0600).
 * @throws StartupError when a file is damaged
 */
export async function masterKeysIn(dataDir: string): Promise<MasterKeys> {
  // The one before first: a change of the key puts it there before it takes the present one's place.
  const before = await keyIn(dataDir, previous);
  return { present: (await keyIn(dataDir, present)) ?? (await make(dataDir)), previous: before };
}

/**
 * Everything is sealed under the present one of these, so the one before goes. It stays where the folder has others by now: somebody changes
 * the key again, and what is sealed is sealed under one of the files.
 */
export async function forgetPreviousMasterKey(dataDir: string, keys: MasterKeys): Promise<void> {
  if (keys.previous === undefined || keys.previous === keys.present) return;
  if ((await keyIn(dataDir, present)) === keys.present && (await keyIn(dataDir, previous)) === keys.previous) await rm(join(dataDir, previous), { force: true });
}

/** It appears whole, and on the disk, or not at all: half a key would lock everything that is sealed under it. */
async function make(dataDir: string): Promise<string> {
  const key = randomBytes(32).toString('base64');
  const draft = join(dataDir, `${present}.${process.pid}`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${key}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(draft, join(dataDir, present));
  await rm(draft);
  return key;
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
