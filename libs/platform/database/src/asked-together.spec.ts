import { describe, expect, it } from '@jest/globals';
import { askedTogether } from './asked-together.js';

describe('what is asked together', () => {
  it('is looked up at once, and each has its own answer; what comes meanwhile is looked up next', async () => {
    const looks: string[][] = [];
    const lengthOf = askedTogether(async (words: readonly string[]) => {
      looks.push([...words]);
      await new Promise((resolve) => setImmediate(resolve));
      return words.map((word) => word.length);
    }, 3);
    const first = Promise.all(['a', 'bb', 'ccc', 'dddd'].map((word) => lengthOf(word)));
    expect(await first).toEqual([1, 2, 3, 4]);
    expect(await lengthOf('eeeee')).toBe(5);
    expect(looks).toEqual([['a', 'bb', 'ccc'], ['dddd'], ['eeeee']]);
  });

  it('fails for those alone at whom a look fails', async () => {
    const look = askedTogether((words: readonly string[]) => (words.includes('bad') ? Promise.reject(new Error('no')) : Promise.resolve(words)));
    const answers = await Promise.allSettled(['one', 'bad', 'two'].map((word) => look(word)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
