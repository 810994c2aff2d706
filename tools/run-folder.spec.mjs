import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeRunFolder } from './run-folder.mjs';

const made = [];
const folderFor = (options) => {
  const folder = makeRunFolder({ env: {}, room: 1, ...options });
  made.push(folder);
  return folder;
};
let memory;
beforeEach(() => (memory = mkdtempSync(join(tmpdir(), 'memory-'))));
afterEach(() => {
  for (const folder of [memory, ...made.splice(0)]) rmSync(folder, { recursive: true, force: true });
});

describe('the folder of a test run', () => {
  it('is in memory where there is room, and lets other users through to what is theirs in it', () => {
    const folder = folderFor({ memory });
    expect(dirname(folder)).toBe(memory);
    expect(statSync(folder).mode & 0o777).toBe(0o711);
  });

  it.each([
    ['there is too little room', { room: Number.MAX_SAFE_INTEGER }],
    ['there is no such file system', { memory: '/nowhere/at/all' }],
    ['it is said where temporary files are to be', { env: { TMPDIR: tmpdir() } }],
  ])('is among the temporary files where %s', (_, options) => {
    const folder = folderFor({ memory, ...options });
    expect(dirname(folder)).toBe(tmpdir());
  });

  it('has those of runs that were killed long ago removed, and none of a run that may go on', () => {
    const [old, recent, others] = ['rollcall-test-old', 'rollcall-test-recent', 'of-others'].map((name) => join(memory, name));
    for (const folder of [old, recent, others]) mkdirSync(folder);
    const yesterday = Date.now() / 1_000 - 86_400;
    for (const folder of [old, others]) utimesSync(folder, yesterday, yesterday);
    folderFor({ memory });
    expect([old, recent, others].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  });
});
