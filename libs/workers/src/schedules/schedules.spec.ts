import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { WorkersApp } from '../spec-support/workers-app.js';
import { ResumeJobs } from './resume-jobs.js';
import { RunSchedule } from './run-schedule.js';
import { ScheduledWork } from './scheduled-work.js';

const actor = { type: 'user', id: 'operator' } as const;
const never = new AbortController().signal;
const ticked = { reason: undefined, signal: never };

describe('schedules', () => {
  let app: WorkersApp;
  let runner: RunSchedule;
  let counter = 0;

  beforeAll(async () => {
    app = await WorkersApp.start();
    runner = app.provider(RunSchedule);
  });
  afterAll(() => app.close());

  /** Of a schedule that the queue does not know, so that only the test runs it. */
  const aName = () => `spec-${(counter += 1)}`;
  const rowOf = async (name: string) => (await app.query<{ run_id: string | null; retry_at: Date | null; failures: number; last_run: operations.JobRun | null }>('SELECT * FROM job_schedules WHERE name = $1', [name]))[0];
  const runsOf = async (name: string) => (await app.query<{ run: operations.JobRun }>('SELECT run FROM job_runs WHERE name = $1 ORDER BY run_id DESC', [name])).map(({ run }) => run);
  const hourly = (name: string) => ({ name, everyMs: 3_600_000 });

  it('are all visible: what they do, how often, what they did last and when they run next', async () => {
    const { jobs, queues } = await eventually(async () => {
      const answer = await app.call(operations.listJobs, {});
      const trim = answer.jobs.find(({ name }) => name === 'trim-operations');
      if (trim?.lastRun == null || trim.nextRunAt === null) throw new Error('it has not run yet');
      return answer;
    });
    expect(jobs.map(({ name }) => name)).toEqual(expect.arrayContaining(['collect-audit', 'trim-audit', 'trim-feed', 'trim-mails', 'requeue-mails', 'requeue-erasures', 'erase-deleted-staff', 'replay-dead-letters', 'resume-jobs', 'finish-registrations', 'sweep-logins', 'rotate-signing-keys', 'trim-identity', 'refresh-segments', 'compute-activity', 'finish-field-sweeps', 'make-event-partitions', 'retain-events', 'trim-profiles', 'refresh-directory', 'expire-invitations', 'trim-membership', 'trim-operations']));
    const trim = jobs.find(({ name }) => name === 'trim-operations')!;
    expect(trim).toMatchObject({ everyMs: 3_600_000, state: 'idle', failures: 0, pausedAt: null, lastRun: { outcome: 'done', trigger: 'scheduled', counts: { outbox: 0, inbox: 0 }, error: null } });
    expect(Date.parse(trim.nextRunAt!)).toBeGreaterThan(Date.now());
    expect(jobs.every(({ does }) => /^[A-Z].{10,}[^.]$/.test(does))).toBe(true);
    expect(queues?.map(({ queue }) => queue).sort()).toEqual(['erasure', 'imports', 'mail', 'schedules', 'webhooks']);
  });

  it('say of a service that is away what they failed with, and go on failing quietly', async () => {
    const sweep = await eventually(async () => {
      const { job } = await app.call(operations.getJob, { name: 'trim-membership' });
      if (job.failures === 0) throw new Error('it has not failed yet');
      return job;
    });
    expect(sweep).toMatchObject({ lastRun: { outcome: 'failed', error: 'service-unavailable' } });
    expect(app.log.atLeast(50).filter(({ msg }) => msg.startsWith('scheduled work'))).toEqual([]);
  });

  it('run once at a time, however many want to at once', async () => {
    const name = aName();
    let runs = 0;
    let sentAway = 0;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    // It is under way until the nine others have had their answer, or a second one is.
    const work = async () => {
      runs += 1;
      if (runs > 1) end();
      await ended;
      return { things: 2 };
    };
    const all = Array.from({ length: 10 }, async () => {
      await runner.run(hourly(name), ticked, work);
      sentAway += 1;
      if (sentAway === 9) end();
    });
    await Promise.all(all);
    expect(runs).toBe(1);
    await runner.run(hourly(name), ticked, async () => ({ things: 0 }));
    // The second had nothing to do: it is the last one, and not worth a line among the others.
    expect((await runsOf(name)).map(({ counts }) => counts)).toEqual([{ things: 2 }]);
    expect((await rowOf(name))?.last_run).toMatchObject({ counts: { things: 0 }, outcome: 'done' });
  });

  it('are tried again when they fail, later each time, and keep no words of the error', async () => {
    const name = aName();
    const fail = () => runner.run(hourly(name), ticked, () => Promise.reject(new TypeError('ada@example.com')));
    await fail();
    const first = await rowOf(name);
    expect(first).toMatchObject({ failures: 1, run_id: null, last_run: { outcome: 'failed', error: 'TypeError' } });
    await fail(); // not yet: nothing happens
    expect((await rowOf(name))?.failures).toBe(1);
    const waits = [];
    for (let failures = 1; failures < 9; failures += 1) {
      const { retry_at, last_run } = (await rowOf(name))!;
      waits.push(Math.round((retry_at!.getTime() - Date.parse(last_run!.finishedAt)) / 1_000));
      await app.query(`UPDATE job_schedules SET retry_at = now() - interval '1 second' WHERE name = $1`, [name]);
      await fail();
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 600, 600]);
    await app.query(`UPDATE job_schedules SET retry_at = now() - interval '1 second' WHERE name = $1`, [name]);
    await runner.run(hourly(name), { ...ticked, reason: 'resumed' }, async () => ({}));
    expect(await rowOf(name)).toMatchObject({ failures: 0, retry_at: null, last_run: { outcome: 'done' } });
    expect(JSON.stringify(await runsOf(name))).not.toContain('ada@example.com');
  });

  it('are taken up again when their process died in the middle, and what it left is not taken for an end', async () => {
    const name = aName();
    let die: () => void = () => undefined;
    const first = runner.run(hourly(name), ticked, () => new Promise((resolve) => (die = () => resolve({ things: 1 }))));
    await eventually(async () => expect((await rowOf(name))?.run_id).toEqual(expect.any(String)));
    // As if its process had not said for a while that it goes on.
    await app.query(`UPDATE job_schedules SET lease_until = now() - interval '1 minute' WHERE name = $1`, [name]);
    await runner.run(hourly(name), { ...ticked, reason: 'resumed' }, async () => ({ things: 5 }));
    expect((await runsOf(name)).map(({ outcome, counts }) => [outcome, counts])).toEqual([['done', { things: 5 }], ['interrupted', {}]]);
    die();
    await first;
    expect((await rowOf(name))?.last_run).toMatchObject({ counts: { things: 5 } });
    expect(app.log.text).toContain('scheduled work ended that was taken for dead');
  });

  it('stop where they are when they were taken for dead', async () => {
    const name = aName();
    let told: AbortSignal | undefined;
    const first = runner.run(hourly(name), ticked, (_, signal) => {
      told = signal;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    });
    await eventually(async () => expect((await rowOf(name))?.run_id).toEqual(expect.any(String)));
    expect(told?.aborted).toBe(false);
    await app.query(`UPDATE job_schedules SET run_id = gen_random_uuid() WHERE name = $1`, [name]);
    await first;
    // The other run is nobody's to end but its own.
    expect(await rowOf(name)).toMatchObject({ run_id: expect.any(String), last_run: null });
  });

  it('keep going what another process left: interrupted, missed, or wanted while the queue was away', async () => {
    const name = 'trim-feed';
    const job = () => app.call(operations.getJob, { name });
    await eventually(async () => expect((await job()).job.lastRun).not.toBeNull());
    await app.query(`UPDATE job_schedules SET requested_run_id = gen_random_uuid(), requested_at = now() - interval '1 minute' WHERE name = $1`, [name]);
    await app.provider(ResumeJobs).resume();
    await eventually(async () => expect((await job()).runs[0]).toMatchObject({ trigger: 'manual', outcome: 'done' }));
    await app.query(`UPDATE job_schedules SET run_id = gen_random_uuid(), trigger = 'scheduled', started_at = now() - interval '1 minute', lease_until = now() - interval '1 minute' WHERE name = $1`, [name]);
    await app.provider(ResumeJobs).resume();
    await eventually(async () => expect((await job()).runs.map(({ outcome }) => outcome)).toContain('interrupted'));
    await eventually(async () => expect((await job()).job.state).toBe('idle'));
    const longAgo = '2026-01-01T00:00:00.000Z';
    await app.query(`UPDATE job_schedules SET last_run = last_run || jsonb_build_object('startedAt', $2::text) WHERE name = $1`, [name, longAgo]);
    await app.provider(ResumeJobs).resume();
    await eventually(async () => expect((await job()).job.lastRun?.startedAt).not.toBe(longAgo));
    const { startedAt } = (await job()).job.lastRun!;
    await app.provider(ResumeJobs).resume();
    await runner.run(hourly(name), { ...ticked, reason: 'resumed' }, () => Promise.reject(new Error('nothing is left to do')));
    expect((await job()).job.lastRun?.startedAt).toBe(startedAt);
  });

  it('stop between two steps when their process is told to, and are taken up by another', async () => {
    const name = aName();
    const stop = new AbortController();
    const run = runner.run(hourly(name), { reason: undefined, signal: stop.signal }, async (_, signal) => {
      stop.abort();
      signal.throwIfAborted();
      return {};
    });
    await run;
    expect((await runsOf(name))[0]).toMatchObject({ outcome: 'interrupted', error: null });
    expect((await rowOf(name))?.retry_at).toEqual(expect.any(Date));
  });

  it('keep their last fifty runs', async () => {
    const name = aName();
    for (let index = 0; index < 55; index += 1) await runner.run(hourly(name), ticked, async () => ({ index: index + 1 }));
    const kept = (await runsOf(name)).map(({ counts }) => counts['index']);
    expect(kept).toHaveLength(50);
    expect(kept[0]).toBe(55);
  });

  it('run when somebody wants it: once, however often they say so, and leave an audit row', async () => {
    const name = 'trim-mails';
    await eventually(async () => expect((await app.call(operations.getJob, { name })).job.lastRun).not.toBeNull());
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.call(operations.runJob, { name, actor })));
    const runId = answers.find(({ isNew }) => isNew)!.runId;
    await eventually(async () => expect((await app.call(operations.getJob, { name })).runs[0]).toMatchObject({ runId, trigger: 'manual', outcome: 'done', counts: { removed: 0 } }));
    const entries = await app.query<{ action: string }>(`SELECT entry_id, action FROM audit_entries WHERE target_id = $1 UNION SELECT entry_id, action FROM audit_log WHERE target_id = $1`, [name]);
    expect(entries).toHaveLength(answers.filter(({ isNew }) => isNew).length);
    await expect(app.call(operations.runJob, { name: 'no-such-job', actor })).rejects.toMatchObject({ value: { code: 'job-not-found' } });
  });

  it('let their time pass by while they are paused, and run when somebody wants it', async () => {
    const name = 'trim-audit';
    await eventually(async () => expect((await app.call(operations.getJob, { name })).job.lastRun).not.toBeNull());
    expect(await app.call(operations.pauseJob, { name, isPaused: true, actor })).toMatchObject({ state: 'paused', nextRunAt: null, pausedAt: expect.any(String) });
    let runs = 0;
    const work = async () => ({ runs: (runs += 1) });
    await runner.run(hourly(name), ticked, work);
    expect(runs).toBe(0);
    const { runId } = await app.call(operations.runJob, { name, actor });
    await eventually(async () => expect((await app.call(operations.getJob, { name })).runs[0]).toMatchObject({ runId, outcome: 'done' }));
    expect(await app.call(operations.pauseJob, { name, isPaused: false, actor })).toMatchObject({ state: 'idle', pausedAt: null });
    await runner.run(hourly(name), ticked, work);
    expect(runs).toBe(1);
  });

  it('are declared once each', () => {
    expect(() => app.provider(ScheduledWork).add({ ...hourly('trim-audit'), does: 'Again' }, async () => ({}))).toThrow('There are two schedules trim-audit.');
  });
});
