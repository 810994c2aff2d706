import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forgetPreviousMasterKey, masterKeysIn } from './master-key.js';

describe('the master key of a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-key-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const file = (name: string) => join(folder, name);
  /** What `npm run rotate-master-key` leaves. */
  async function change(): Promise<void> {
    await rename(file('master.key'), file('master.key.previous'));
    await writeFile(file('master.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`);
  }

  it('is made once, for its owner alone, and whole', async () => {
    const keys = await masterKeysIn(folder);
    expect(await masterKeysIn(folder)).toEqual(keys);
    expect(keys.previous).toBeUndefined();
    expect(await readFile(file('master.key'), 'utf8')).toBe(`${keys.present}\n`);
    expect((await stat(file('master.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['master.key']);
  });

  it('has the one before beside it until everything is sealed under the present one', async () => {
    const { present: before } = await masterKeysIn(folder);
    await change();
    const keys = await masterKeysIn(folder);
    expect(keys.previous).toBe(before);
    await forgetPreviousMasterKey(folder, keys);
    expect(await readdir(folder)).toEqual(['master.key']);
  });

  it('keeps the one before where the key is changed while a start is at work, which has sealed everything under that one', async () => {
    const keys = await masterKeysIn(folder);
    await change();
    await forgetPreviousMasterKey(folder, keys);
    expect((await masterKeysIn(folder)).previous).toBe(keys.present);
  });
});
