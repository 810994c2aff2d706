import { describe, expect, it } from '@jest/globals';
import { RecentAnswers } from './recent-answers.js';

const asker = () => {
  const asked: string[] = [];
  return { asked, ask: async (key: string) => `${key}${asked.push(key)}` };
};

describe('recent answers', () => {
  it('asks once for all who ask within the age', async () => {
    const { asked, ask } = asker();
    const answers = new RecentAnswers(ask, 1_000);
    expect(await Promise.all([answers.get('a', 'r'), answers.get('a', 'r'), answers.get('b', 'r')])).toEqual(['a1', 'a1', 'b2']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('asks again once the answer is too old', async () => {
    const { ask } = asker();
    const answers = new RecentAnswers(ask, 0);
    expect([await answers.get('a', 'r'), await answers.get('a', 'r')]).toEqual(['a1', 'a2']);
  });

  it('does not remember a failure', async () => {
    let fails = true;
    const answers = new RecentAnswers(async () => {
      if (fails) throw new Error('down');
      return 'up';
    });
    await expect(answers.get('a', 'r')).rejects.toThrow('down');
    fails = false;
    await expect(answers.get('a', 'r')).resolves.toBe('up');
  });

  it('forgets the oldest where there are too many', async () => {
    const { asked, ask } = asker();
    const answers = new RecentAnswers(ask, 60_000, 2);
    for (const key of ['a', 'b', 'c', 'b', 'a']) await answers.get(key, 'r');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
