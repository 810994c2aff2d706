import { describe, expect, it } from '@jest/globals';
import { NudgedWork } from './nudged-work.js';

/** Work whose every turn ends when it is told to. */
function turns() {
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const failures: unknown[] = [];
  const work = new NudgedWork(() => new Promise<void>((resolve, reject) => ends.push({ resolve, reject })), (error) => failures.push(error));
  return { work, ends, failures };
}
const moment = () => new Promise((resolve) => setImmediate(resolve));

describe('work that is nudged', () => {
  it('goes on one at a time, and once more for all nudges that came meanwhile', async () => {
    const { work, ends } = turns();
    for (const _ of [1, 2, 3]) work.nudge();
    await moment();
    expect(ends).toHaveLength(1);
    ends[0]!.resolve();
    await moment();
    // The other two came when it had begun.
    expect(ends).toHaveLength(2);
    ends[1]!.resolve();
    await moment();
    expect(ends).toHaveLength(2);
    work.nudge();
    expect(ends).toHaveLength(3);
  });

  it('tells of a failure, and begins again only when it is nudged', async () => {
    const { work, ends, failures } = turns();
    work.nudge();
    ends[0]!.reject(new Error('broken'));
    await moment();
    expect(failures).toEqual([new Error('broken')]);
    expect(ends).toHaveLength(1);
    work.nudge();
    expect(ends).toHaveLength(2);
  });

  it('stops when what is under way has ended, and begins nothing more', async () => {
    const { work, ends } = turns();
    work.nudge();
    work.nudge();
    let stopped = false;
    const stop = work.stop().then(() => (stopped = true));
    await moment();
    expect(stopped).toBe(false);
    ends[0]!.resolve();
    await stop;
    work.nudge();
    await moment();
    expect(ends).toHaveLength(1);
  });
});
