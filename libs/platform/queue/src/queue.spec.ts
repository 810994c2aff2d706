import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineJob, type AnyJobType } from '#libs/platform/messages';
import { eventually, pause } from '#libs/platform/testing';
import { Jobs, QueueInspector, type RunningJob } from './index.js';
import { context, paintJob, Process } from './spec-support/test-process.js';
import { testStore, type StoreKind, type TestStore } from './spec-support/test-store.js';

const plasterJob = defineJob({ name: 'plaster', queue: 'works', payload: z.object({ wallId: z.string() }) });

describe.each<StoreKind>(['redis', 'postgres'])('the job queue (%s)', (kind) => {
  let store: TestStore;

  beforeAll(async () => {
    store = await testStore(kind);
    await (await (await Process.start(store)).ready()).close(); // so that the store is set up
  });

  afterEach(() => Process.closeAll());

  beforeEach(async () => {
    await store.lose(); // an empty one for each test
  });

  it('runs a job with its payload, and with the id of the request that made it', async () => {
    const ran: [unknown, RunningJob][] = [];
    const process = await (await Process.start(store, (jobs) => jobs.handle(paintJob, async (payload, job) => void ran.push([payload, job])))).ready();
    const payload = { wallId: 'w1', colour: 'not declared' };
    await process.queue.add(paintJob, payload, context, { jobId: 'paint-w1' });
    await eventually(() => expect(ran).toEqual([[{ wallId: 'w1' }, { id: 'paint-w1', attempt: 1, requestId: 'req-1' }]]));
    await process.close();
  });

  it('makes one job of one id, however often it is added, also after it was done', async () => {
    const ran: string[] = [];
    const process = await (await Process.start(store, (jobs) => jobs.handle(paintJob, async ({ wallId }) => void ran.push(wallId)))).ready();
    const add = () => process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await Promise.all([add(), add(), add()]);
    await eventually(() => expect(ran).toHaveLength(1));
    await add();
    await process.queue.add(paintJob, { wallId: 'w2' }, context, { jobId: 'paint-w2' });
    await eventually(() => expect(ran).toEqual(['w1', 'w2']));
    await process.close();
  });

  it('waits as long as it is told before it runs a job', async () => {
    const ran: number[] = [];
    const process = await (await Process.start(store, (jobs) => jobs.handle(paintJob, async () => void ran.push(Date.now())))).ready();
    const since = Date.now();
    await process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1', delayMs: 400 });
    await eventually(() => expect(ran).toHaveLength(1));
    expect(Number(ran[0]) - since).toBeGreaterThanOrEqual(395);
    await process.close();
  });

  it('has those that are patient wait until no other waits', async () => {
    const ran: string[] = [];
    const process = await (await Process.start(store)).ready();
    for (const [wallId, isPatient] of [['p1', true], ['p2', true], ['w1', false], ['w2', false]] as const) await process.queue.add(paintJob, { wallId }, context, { jobId: `paint-${wallId}`, isPatient });
    const oneAtATime = { ...store, environment: { ...store.environment, JOB_CONCURRENCY: '1' } };
    const worker = await (await Process.start(oneAtATime, (jobs) => jobs.handle(paintJob, async ({ wallId }) => void ran.push(wallId)))).ready();
    await eventually(() => expect(ran).toEqual(['w1', 'w2', 'p1', 'p2']));
    await worker.close();
    await process.close();
  });

  it('tries a job again that fails, gives it up at last, and starts anew when it is added again', async () => {
    let works = false;
    const attempts: number[] = [];
    const process = await (
      await Process.start(store, (jobs) =>
        jobs.handle(paintJob, async (_, { attempt }) => {
          attempts.push(attempt);
          if (!works) throw new Error('ada@example.com');
        }),
      )
    ).ready();
    const add = () => process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await add();
    await eventually(() => expect(attempts).toEqual([1, 2, 3, 4]));
    await eventually(() => expect(process.log.atLeast(50)).toMatchObject([{ msg: 'job given up', job: 'paint', jobId: 'paint-w1', requestId: 'req-1' }]));
    await pause(200);
    expect(attempts).toHaveLength(4);
    works = true;
    await add();
    await eventually(() => expect(attempts).toEqual([1, 2, 3, 4, 1]));
    await process.close();
  });

  describe('jobs of which one comes last', () => {
    const flow = (process: Process) => {
      const jobOf = (jobType: AnyJobType, wallId: string) => ({ jobType, payload: { wallId }, jobId: `${jobType.name}-${wallId}` });
      return process.queue.addFlow(jobOf(paintJob, 'w1'), [jobOf(plasterJob, 'w1'), jobOf(plasterJob, 'w2')], context);
    };

    it('run beside one another, the last one when all of them are done, and once however often they are added', async () => {
      const ran: string[] = [];
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const process = await (
        await Process.start(store, (jobs) => {
          jobs.handle(plasterJob, async ({ wallId }) => {
            ran.push(`plaster ${wallId}`);
            if (wallId === 'w2') await held;
          });
          jobs.handle(paintJob, async ({ wallId }) => void ran.push(`paint ${wallId}`));
        })
      ).ready();
      await Promise.all([flow(process), flow(process)]);
      await eventually(() => expect([...ran].sort()).toEqual(['plaster w1', 'plaster w2']));
      await flow(process);
      expect(ran).toHaveLength(2);
      letGo();
      await eventually(() => expect(ran[2]).toBe('paint w1'));
      await flow(process);
      await process.queue.add(paintJob, { wallId: 'after' }, context, { jobId: 'paint-after' });
      await eventually(() => expect(ran.slice(3)).toEqual(['paint after']));
      await process.close();
    });

    it('come to the last one although one is given up, and start anew where one was given up', async () => {
      const ran: string[] = [];
      let works = false;
      const process = await (
        await Process.start(store, (jobs) => {
          jobs.handle(plasterJob, async ({ wallId }, { attempt }) => {
            if (wallId === 'w2' && !works) throw new Error(`attempt ${attempt}`);
            ran.push(`plaster ${wallId}`);
          });
          jobs.handle(paintJob, async ({ wallId }) => void ran.push(`paint ${wallId}`));
        })
      ).ready();
      await flow(process);
      await eventually(() => expect(ran).toEqual(['plaster w1', 'paint w1']));
      expect(process.log.atLeast(50)).toMatchObject([{ msg: 'job given up', jobId: 'plaster-w2' }]);
      works = true;
      await flow(process);
      await eventually(() => expect(ran).toEqual(['plaster w1', 'paint w1', 'plaster w2']));
      await process.close();
    });

    it('are made anew, all of them, when the store has lost them in the middle', async () => {
      const ran: string[] = [];
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const process = await (
        await Process.start(store, (jobs) => {
          jobs.handle(plasterJob, async ({ wallId }) => {
            ran.push(`plaster ${wallId}`);
            if (wallId === 'w2') await held;
          });
          jobs.handle(paintJob, async ({ wallId }) => void ran.push(`paint ${wallId}`));
        })
      ).ready();
      await flow(process);
      await eventually(() => expect(ran).toHaveLength(2));
      await store.lose();
      letGo();
      await flow(process);
      await eventually(() => expect(ran.at(-1)).toBe('paint w1'));
      expect([...ran].sort()).toEqual(['paint w1', 'plaster w1', 'plaster w1', 'plaster w2', 'plaster w2']);
      await process.close();
    });
  });

  it('keeps what errors say out of the store', async () => {
    const process = await (
      await Process.start(store, (jobs) =>
        jobs.handle(paintJob, async () => {
          throw new TypeError('ada@example.com');
        }),
      )
    ).ready();
    await process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await eventually(() => expect(process.log.atLeast(50)).toHaveLength(1));
    await eventually(async () => expect(await store.dump()).toContain('TypeError'));
    expect(await store.dump()).not.toContain('ada@example.com');
    await process.close();
  });

  it.each(['a:b', '17', ''])('refuses %p as the id of a job', async (jobId) => {
    const process = await (await Process.start(store)).ready();
    await expect(process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId })).rejects.toThrow('A job id has');
    await process.close();
  });

  it('does not start when a job has no handler, or two', async () => {
    const one = (jobs: Jobs) => jobs.handle(paintJob, async () => undefined);
    await expect(Process.start(store, one, {}, [paintJob, plasterJob])).rejects.toThrow('These jobs have no handler: plaster.');
    const twice = (jobs: Jobs) => {
      one(jobs);
      one(jobs);
    };
    await expect(Process.start(store, twice, {}, [paintJob])).rejects.toThrow('The job paint has two handlers.');
    await (await Process.start(store, one, {}, [paintJob])).close();
  });

  it('runs jobs of the queues alone that a process is for, and what is scheduled: the other jobs wait for others', async () => {
    const ran: string[] = [];
    const scaffoldJob = defineJob({ name: 'scaffold', queue: 'heights', payload: z.object({ wallId: z.string() }) });
    const prepare = (jobs: Jobs) => {
      jobs.handle(paintJob, async () => void ran.push('paint'));
      jobs.handle(scaffoldJob, async () => void ran.push('scaffold'));
      jobs.schedule({ name: 'sweep', everyMs: 100 }, async () => void ran.push('sweep'));
    };
    const one = await (await Process.start(store, prepare, {}, [paintJob, scaffoldJob], ['works'])).ready();
    expect(one.app.get(Jobs, { strict: false }).queues()).toEqual(['works', 'schedules']);
    await one.queue.add(scaffoldJob, { wallId: 'w1' }, context, { jobId: 'scaffold-w1' });
    await one.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await eventually(() => expect([ran.includes('paint'), ran.filter((what) => what === 'sweep').length > 2]).toEqual([true, true]));
    expect(ran).not.toContain('scaffold');
    await one.close();
    const all = await (await Process.start(store, prepare)).ready();
    await eventually(() => expect(ran).toContain('scaffold'));
    await all.close();
  });

  it('shows what was given up, and has it start anew', async () => {
    let works = false;
    const ran: string[] = [];
    const process = await (
      await Process.start(store, (jobs) => {
        jobs.handle(paintJob, async ({ wallId }) => {
          if (!works) throw new TypeError('ada@example.com');
          ran.push(wallId);
        });
        jobs.schedule({ name: 'sweep', everyMs: 3_600_000 }, async () => undefined);
      })
    ).ready();
    const inspector = process.app.get(QueueInspector, { strict: false });
    await process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    const [failed] = await eventually(async () => {
      const found = await inspector.failed(10);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(failed).toEqual({ queue: 'works', jobId: 'paint-w1', job: 'paint', payload: { wallId: 'w1' }, requestId: 'req-1', attempts: 4, error: 'TypeError', failedAt: expect.stringMatching(/Z$/) });
    expect(await inspector.figures()).toEqual([{ queue: 'works', waiting: 0, active: 0, delayed: 0, failed: 1 }, expect.objectContaining({ queue: 'schedules', failed: 0 })]);
    works = true;
    expect(await inspector.retry('works', 'paint-w1')).toBe(true);
    await eventually(() => expect(ran).toEqual(['w1']));
    expect([await inspector.retry('works', 'paint-w1'), await inspector.retry('works', 'paint-w2'), await inspector.retry('nothing', 'paint-w1')]).toEqual([false, false, false]);
    await process.close();
  });
});
