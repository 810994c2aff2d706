import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Worker } from 'bullmq';
import { eventually, onCleanUp, pause } from '#libs/platform/testing';
import { Jobs, QueueTuning, type RunningJob } from './index.js';
import { context, paintJob, Process, soon } from './spec-support/test-process.js';
import { testStore, type StoreKind, type TestStore } from './spec-support/test-store.js';

describe.each<StoreKind>(['redis', 'postgres'])('the job queue (%s), when its store or a worker goes away,', (kind) => {
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

  it('stops also while the store is away and a job does not end', async () => {
    let begun = false;
    const never = async () => {
      begun = true;
      await new Promise(() => undefined);
    };
    const process = await (await Process.start(store, (jobs) => jobs.handle(paintJob, never), { drainMs: 300 })).ready();
    await process.queue.add(paintJob, { wallId: 'w1' }, context, { jobId: 'paint-w1' });
    await eventually(() => expect(begun).toBe(true));
    await store.away();
    await process.close();
    // One that is not told goes on for ever: Node.js would not end, and would have no time for anything else.
    const workers = Reflect.get(process.app.get(Jobs, { strict: false }), 'workers') as Worker[];
    expect(workers.map(({ closing }) => closing !== undefined)).toEqual([true]);
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
});

describe('the job queue', () => {
  it('gives a killed worker’s job to another within 30 s', () => {
    const { lockMs, stalledCheckMs } = new QueueTuning();
    expect(lockMs + 2 * stalledCheckMs).toBeLessThan(30_000);
  });
});
