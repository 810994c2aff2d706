import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './checkout.mjs';
import { rotateMasterKey } from './rotate-master-key.mjs';
import { forgetPreviousMasterKey, masterKey, previousMasterKey } from './services-config.mjs';

function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-key-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a change of the master key of a data folder', () => {
  it('puts the key before aside until it is not needed any more', () =>
    inFolder((folder) => {
      const before = masterKey(folder, {});
      rotateMasterKey(folder, {});
      const after = masterKey(folder, {});
      expect(after).not.toBe(before);
      expect(Buffer.from(after, 'base64')).toHaveLength(32);
      expect(previousMasterKey(folder, {})).toBe(before);
      expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
      forgetPreviousMasterKey(folder, { present: after, previous: before }, {});
      expect(readdirSync(folder)).toEqual(['master.key']);
      expect(previousMasterKey(folder, {})).toBeUndefined();
    }));

  it('waits for the start that finishes the one before, so that no key is lost that something is sealed under', () =>
    inFolder((folder) => {
      const before = masterKey(folder, {});
      rotateMasterKey(folder, {});
      expect(() => rotateMasterKey(folder, {})).toThrow('start Rollcall once');
      expect(previousMasterKey(folder, {})).toBe(before);
    }));

  it('that comes while a start is at work, which read the keys before it, is not finished by that start', () =>
    inFolder((folder) => {
      const keys = { previous: previousMasterKey(folder, {}), present: masterKey(folder, {}) };
      rotateMasterKey(folder, {});
      forgetPreviousMasterKey(folder, keys, {});
      expect(previousMasterKey(folder, {})).toBe(keys.present);
      // Nor by one that began when the first half of it was there.
      const [first, second] = [previousMasterKey(folder, {}), masterKey(folder, {})];
      forgetPreviousMasterKey(folder, { previous: first, present: first }, {});
      forgetPreviousMasterKey(folder, { previous: second, present: second }, {});
      expect([previousMasterKey(folder, {}), masterKey(folder, {})]).toEqual([first, second]);
    }));

  it('that was broken off before the new key was in place goes on', () =>
    inFolder((folder) => {
      const before = masterKey(folder, {});
      writeFileSync(join(folder, 'master.key.previous'), `${before}\n`);
      writeFileSync(join(folder, 'master.key.next'), 'half a k');
      rotateMasterKey(folder, {});
      expect(previousMasterKey(folder, {})).toBe(before);
      expect(masterKey(folder, {})).not.toBe(before);
      expect(readdirSync(folder).sort()).toEqual(['master.key', 'master.key.previous']);
      expect(readFileSync(join(folder, 'master.key'), 'utf8')).toMatch(/^[\w+/]{43}=\n$/);
    }));

  it('is refused where there is no key, or the environment gives it', () =>
    inFolder((folder) => {
      expect(() => rotateMasterKey(folder, {})).toThrow('There is no master key');
      expect(() => rotateMasterKey(folder, { ROLLCALL_MASTER_KEY: 'x' })).toThrow('docs/administrators/master-key.md');
      expect(previousMasterKey(folder, { ROLLCALL_MASTER_KEY: 'x', ROLLCALL_MASTER_KEY_PREVIOUS: 'y' })).toBe('y');
    }));

  it('is not made for whoever asks the command for help', () =>
    inFolder((folder) => {
      const before = masterKey(folder, {});
      const { status, stderr } = spawnSync(process.execPath, ['tools/rotate-master-key.mjs', '--help'], { cwd: root, env: { ...process.env, ROLLCALL_DATA_DIR: folder }, encoding: 'utf8' });
      expect([status, stderr]).toEqual([1, expect.stringContaining('takes no arguments')]);
      expect(masterKey(folder, {})).toBe(before);
    }));
});
