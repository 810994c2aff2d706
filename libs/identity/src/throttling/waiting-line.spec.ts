import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { WaitingLine } from './waiting-line.js';

describe('a waiting line', () => {
  it('lets as many through as it is wide, and the others in the order they came', async () => {
    const line = new WaitingLine(2);
    const entered: number[] = [];
    const leave: (() => void)[] = [];
    const all = Array.from({ length: 5 }, async (_, number) => {
      leave[number] = await line.enter('a name');
      entered.push(number);
    });
    await setImmediate();
    expect(entered).toEqual([0, 1]);
    leave[1]!();
    await setImmediate();
    expect(entered).toEqual([0, 1, 2]);
    leave[0]!();
    leave[2]!();
    await Promise.all(all);
    expect(entered).toEqual([0, 1, 2, 3, 4]);
  });

  it('is another for each key, and is forgotten when it is empty', async () => {
    const line = new WaitingLine(1);
    const leaveOne = await line.enter('one');
    const leaveTwo = await line.enter('two');
    leaveOne();
    leaveTwo();
    expect((line as unknown as { lines: Map<string, unknown> }).lines.size).toBe(0);
  });
});
