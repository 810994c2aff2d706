import { describe, expect, it } from '@jest/globals';
import { Tally } from './tally.js';

describe('a tally', () => {
  it('writes the sums of each key once, and nothing where nothing was added', async () => {
    const written: [string, readonly number[]][][] = [];
    const tally = new Tally(async (sums) => void written.push([...sums]), () => undefined);
    await tally.flush();
    tally.add('a', [1, 0]);
    tally.add('b', [5, 1]);
    tally.add('a', [2, 1]);
    await tally.flush();
    await tally.flush();
    expect(written).toEqual([[['a', [3, 1]], ['b', [5, 1]]]]);
  });

  it('keeps what could not be written, with what comes meanwhile', async () => {
    const written: [string, readonly number[]][][] = [];
    const failures: unknown[] = [];
    let isDown = true;
    const tally = new Tally(
      async (sums) => {
        if (isDown) {
          tally.add('a', [10]);
          throw new Error('down');
        }
        written.push([...sums]);
      },
      (error) => failures.push(error),
    );
    tally.add('a', [1]);
    await tally.flush();
    isDown = false;
    await tally.flush();
    expect({ written, failures: failures.length }).toEqual({ written: [[['a', [11]]]], failures: 1 });
  });

  it('writes by itself, a while after the first', async () => {
    const wrote = new Promise<number>((resolve) => {
      const tally = new Tally(async (sums) => resolve(sums.get('a')?.[0] ?? 0), () => undefined, 5);
      tally.add('a', [1]);
      tally.add('a', [1]);
    });
    expect(await wrote).toBe(2);
  });
});
