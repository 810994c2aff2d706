import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { databaseConfig } from '#libs/platform/database';
import { defineJob, type AnyJobType } from '#libs/platform/messages';
import { Readiness } from '#libs/platform/telemetry';
import { eventually, LogRecorder, onCleanUp, pause, testApp } from '#libs/platform/testing';
import { JobQueue, Jobs, queueConfig, QueueInspector, QueueModule, QueueTuning, type RunningJob } from './index.js';
import { testStore, type StoreKind, type TestStore } from './spec-support/test-store.js';

const paintJob = defineJob({ name: 'paint', queue: 'works', payload: z.object({ wallId: z.string() }) });
const plasterJob = defineJob({ name: 'plaster', queue: 'works', payload: z.object({ wallId: z.string() }) });

const context = { requestId: 'req-1' };

/** As the platform runs, only sooner. */
const soon: Partial<QueueTuning> = { lockMs: 600, stalledCheckMs: 150, firstRetryMs: 20, longestRetryMs: 60, attempts: 4, reconnectMs: 200, upkeepMs: 250 };

class Process {
  private static readonly open = new Set<Process>();

  private constructor(
    readonly app: INestApplicationContext,
    readonly log: LogRecorder,
  ) {}

  static async start(store: TestStore, prepare: (jobs: Jobs) => void = () => undefined, tuning: Partial<QueueTuning> = {}, expected: readonly AnyJobType[] = [], only?: readonly string[]): Promise<Process> {
    const log = new LogRecorder();
    const app = await testApp({
      imports: [QueueModule.register(store.kind, { runs: true, tuning: { ...soon, ...tuning }, ...(only === undefined ? {} : { only }) })],
      configs: [queueConfig, databaseConfig],
      environment: store.environment,
      log,
    });
    const jobs = app.get(Jobs, { strict: false });
    prepare(jobs);
    jobs.start(expected);
    const started = new Process(app, log);
    Process.open.add(started);
    return started;
  }

  /** What a test that failed has left would be at work in the next ones. */
  static async closeAll(): Promise<void> {
    for (const left of Process.open) await left.close();
  }

  get queue(): JobQueue {
    return this.app.get(JobQueue, { strict: false });
  }

  get readiness(): Readiness {
    return this.app.get(Readiness, { strict: false });
  }

  async ready(): Promise<this> {
    await this.readiness.whenStarted();
    return this;
  }

  close(): Promise<void> {
    Process.open.delete(this);
    return this.app.close();
  }
}

describe.each<StoreKind>(['redis', 'postgres'])('the job queue (%s)', (kind) => {
  let store: TestStore;
  const unhandled: unknown[] = [];

  beforeAll(async () => {
    store = await testStore(kind);
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
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

  it('answers at once that it is out of reach, and goes on when the store is back', async () => {
    const ran: string[] = [];
    const process = await (await Process.start(store, (jobs) => jobs.handle(paintJob, async ({ wallId }) => void ran.push(wallId)))).ready();
    const add = (wallId: string) => process.queue.add(paintJob, { wallId }, context, { jobId: `paint-${wallId}` });
    await add('w1');
    await eventually(() => expect(ran).toEqual(['w1']));

    await store.away();
    const since = Date.now();
    await expect(add('w2')).rejects.toMatchObject({ value: { kind: 'unavailable', code: 'service-unavailable', retryAfter: 1 } });
    expect(Date.now() - since).toBeLessThan(5_000); // what a request between services may take at all
    expect(await process.readiness.check()).toMatchObject([{ ready: false }]);
    await pause(500);

    await store.back();
    await eventually(() => add('w3'));
    await eventually(() => expect(ran).toContain('w3'));
    expect(await process.readiness.check()).toMatchObject([{ ready: true }]);
    expect(unhandled).toEqual([]);
    expect(process.log.atLeast(50)).toEqual([]);
    expect(process.log.atLeast(40).length).toBeLessThan(5);
    await process.close();
  });

  it('starts without the store, and runs what is added when it comes', async () => {
    await store.away();
    const ran: string[] = [];
    const process = await Process.start(store, (jobs) => jobs.handle(paintJob, async ({ wallId }) => void ran.push(wallId)));
    await expect(process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' })).rejects.toMatchObject({ value: { kind: 'unavailable' } });
    expect(await process.readiness.check()).toMatchObject([{ ready: false }]);
    await pause(300);
    await store.back();
    await process.ready();
    await process.queue.add(paintJob, { wallId: 'w2' }, context, { jobId: 'paint-w2' });
    await eventually(() => expect(ran).toEqual(['w2']));
    await process.close();
  });

  it('stops also while the store is away', async () => {
    const process = await (await Process.start(store, (jobs) => jobs.handle(paintJob, async () => undefined), { drainMs: 1_000 })).ready();
    await store.away();
    await process.close();
    await store.back();
    expect(unhandled).toEqual([]);
  });

  it('runs the job of a worker that was killed', async () => {
    const doomed = { lockDuration: soon.lockMs, stalledInterval: soon.stalledCheckMs };
    const child = spawn('node', [fileURLToPath(new URL('./spec-support/doomed-worker.mjs', import.meta.url)), store.kind, store.url, paintJob.queue, JSON.stringify(doomed)], { stdio: ['ignore', 'pipe', 'inherit'] });
    onCleanUp(async () => void child.kill('SIGKILL'));
    const maker = await (await Process.start(store)).ready();
    await maker.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await once(child.stdout, 'data');
    const ran: RunningJob[] = [];
    const other = await (await Process.start(store, (jobs) => jobs.handle(paintJob, async (_, job) => void ran.push(job)))).ready();
    await pause(1_000);
    expect(ran).toEqual([]); // it is at work still
    child.kill('SIGKILL');
    await eventually(() => expect(ran).toEqual([{ id: 'paint-w1', attempt: 2, requestId: 'req-1' }]));
    await maker.close();
    await other.close();
  });

  it('lets the jobs that run finish when the process is told to stop', async () => {
    let begun = 0;
    let done = 0;
    const process = await (
      await Process.start(store, (jobs) =>
        jobs.handle(paintJob, async () => {
          begun += 1;
          await pause(300);
          done += 1;
        }),
      )
    ).ready();
    await process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await eventually(() => expect(begun).toBe(1));
    await process.close();
    expect(done).toBe(1);
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

describe('the job queue', () => {
  it('gives a killed worker’s job to another within 30 s', () => {
    const { lockMs, stalledCheckMs } = new QueueTuning();
    expect(lockMs + 2 * stalledCheckMs).toBeLessThan(30_000);
  });
});
