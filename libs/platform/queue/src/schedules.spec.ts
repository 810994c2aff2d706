import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { Jobs } from './index.js';
import { Process } from './spec-support/test-process.js';
import { testStore, type StoreKind, type TestStore } from './spec-support/test-store.js';

describe.each<StoreKind>(['redis', 'postgres'])('schedules (%s)', (kind) => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore(kind);
    await (await (await Process.start(store)).ready()).close(); // so that the store is set up
  });

  afterEach(() => Process.closeAll());

  beforeEach(async () => {
    await store.lose(); // an empty one for each test
  });

  it('runs what is scheduled every so often, on one replica at a time', async () => {
    let running = 0;
    let most = 0;
    const runs = { one: 0, two: 0 };
    const schedule = (replica: keyof typeof runs) => (jobs: Jobs) =>
      jobs.schedule({ name: 'sweep', everyMs: 100 }, async () => {
        runs[replica] += 1;
        running += 1;
        most = Math.max(most, running);
        await pause(150); // longer than the span
        running -= 1;
      });
    // Neither is to be taken for dead while it only waits for its turn on a busy machine.
    const one = await (await Process.start(store, schedule('one'), { lockMs: 30_000 })).ready();
    const two = await (await Process.start(store, schedule('two'), { lockMs: 30_000 })).ready();
    await eventually(() => expect(runs.one + runs.two).toBeGreaterThan(8));
    expect(most).toBe(1);
    await one.close();
    const before = runs.two;
    await eventually(() => expect(runs.two).toBeGreaterThan(before + 1));
    await two.close();
  });

  it('sets schedules up again that the store has lost', async () => {
    let runs = 0;
    const process = await (await Process.start(store, (jobs) => jobs.schedule({ name: 'sweep', everyMs: 100 }, async () => void (runs += 1)))).ready();
    await eventually(() => expect(runs).toBeGreaterThan(1));
    await store.lose();
    const before = runs;
    await eventually(() => expect(runs).toBeGreaterThan(before + 2));
    await process.close();
  });

  it('goes on with a schedule whose run has failed', async () => {
    let runs = 0;
    const process = await (
      await Process.start(store, (jobs) =>
        jobs.schedule({ name: 'sweep', everyMs: 100 }, async () => {
          runs += 1;
          throw new Error('no');
        }),
      )
    ).ready();
    await eventually(() => expect(runs).toBeGreaterThan(2));
    expect(process.log.atLeast(50)[0]).toMatchObject({ schedule: 'sweep', msg: 'scheduled work failed, it will be tried again at its next time' });
    await process.close();
  });

  it('runs what is scheduled at once when it is wanted, and says when it is planned next', async () => {
    const reasons: (string | undefined)[] = [];
    const process = await (await Process.start(store, (jobs) => jobs.schedule({ name: 'sweep', everyMs: 3_600_000 }, async ({ reason }) => void reasons.push(reason)))).ready();
    const jobs = process.app.get(Jobs, { strict: false });
    await eventually(async () => expect((await jobs.planned()).get('sweep')).toBeGreaterThan(Date.now()));
    await eventually(async () => {
      await jobs.runNow('sweep', 'wanted');
      expect(reasons).toContain('wanted');
    });
    await expect(jobs.runNow('swoop', 'wanted')).rejects.toThrow();
    await process.close();
  });

  it('takes schedules away that this version does not know', async () => {
    const old = await (await Process.start(store, (jobs) => jobs.schedule({ name: 'outdated', everyMs: 100 }, async () => undefined))).ready();
    await eventually(async () => expect(await store.dump()).toContain('outdated'));
    await old.close();
    const young = await (await Process.start(store, (jobs) => jobs.schedule({ name: 'sweep', everyMs: 100 }, async () => undefined))).ready();
    await eventually(() => expect(young.log.text).toContain('a schedule of another version'));
    const count = () => young.log.records.filter(({ msg }) => msg.includes('another version')).length;
    // A run that was due already may still come; then there are no more.
    await eventually(async () => {
      const before = count();
      await pause(400);
      expect(count()).toBe(before);
    });
    await young.close();
  });
});
