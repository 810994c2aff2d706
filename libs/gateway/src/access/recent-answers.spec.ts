import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { InProcessAnnouncements } from '#libs/platform/rpc';
import { Changes } from './changes.js';
import { RecentAnswers } from './recent-answers.js';

const asker = () => {
  const asked: string[] = [];
  return { asked, ask: async (key: string) => `${key}${asked.push(key)}` };
};

describe('recent answers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('asks once for all who ask within the age', async () => {
    const { asked, ask } = asker();
    const answers = new RecentAnswers(ask);
    expect(await Promise.all([answers.get('a', 'r'), answers.get('a', 'r'), answers.get('b', 'r')])).toEqual(['a1', 'a1', 'b2']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('asks again once the answer is too old', async () => {
    const { ask } = asker();
    const answers = new RecentAnswers(ask, { maxAgeMs: 0 });
    expect([await answers.get('a', 'r'), await answers.get('a', 'r')]).toEqual(['a1', 'a2']);
  });

  it('asks again once the answer is too old also where the clock was set back', async () => {
    const { ask } = asker();
    const answers = new RecentAnswers(ask);
    const [elapsed, clock] = [performance.now(), Date.now()];
    expect(await answers.get('a', 'r')).toBe('a1');
    jest.spyOn(performance, 'now').mockReturnValue(elapsed + 2_000);
    jest.spyOn(Date, 'now').mockReturnValue(clock - 3_600_000);
    expect(await answers.get('a', 'r')).toBe('a2');
  });

  it('asks again after a change at any gateway, also where the question was on its way', async () => {
    const { ask } = asker();
    const bus = new InProcessAnnouncements();
    const [here, there] = [new Changes(bus), new Changes(bus)];
    const answers = new RecentAnswers(ask, { changes: here });
    const before = answers.get('a', 'r');
    await there.note();
    expect([await before, await answers.get('a', 'r'), await answers.get('a', 'r')]).toEqual(['a1', 'a2', 'a2']);
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
    const answers = new RecentAnswers(ask, { maxAgeMs: 60_000, maxEntries: 2 });
    for (const key of ['a', 'b', 'c', 'b', 'a']) await answers.get(key, 'r');
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
