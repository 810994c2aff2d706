import { describe, expect, it } from '@jest/globals';
import { usualThreads } from './hashing-threads.js';

const gib = 2 ** 30;
const argon2 = 19_456;

describe('threads for password hashing', () => {
  it.each([
    ['as many as processors where nothing limits the memory', { processors: 32, memory: 64 * gib, limit: 0 }, 32],
    ['as many where the limit is beyond what there is, as without a control group', { processors: 32, memory: 64 * gib, limit: 2 ** 64 }, 32],
    ['no more than take half of the memory of a container', { processors: 32, memory: 64 * gib, limit: gib }, 18],
    ['as many as processors where these take less than that', { processors: 2, memory: 64 * gib, limit: gib / 2 }, 2],
    ['one where the memory is for none', { processors: 4, memory: 8 * gib, limit: gib / 32 }, 1],
  ])('are %s', (_which, machine, threads) => {
    expect(usualThreads(argon2, machine)).toBe(threads);
  });

  it('are fewer when each hash takes more', () => {
    expect(usualThreads(65_536, { processors: 32, memory: 64 * gib, limit: gib })).toBe(7);
  });
});
