import { z } from 'zod';
import { operations } from '#libs/contracts';

export const jobParams = z.object({ name: z.string() });
export const failedJobParams = z.object({ queue: z.string(), job_id: z.string() });

const trigger = z.enum(['scheduled', 'manual']).describe('manual: somebody wanted it');

export const runObject = z.object({
  run_id: z.string(),
  trigger,
  started_at: z.string(),
  finished_at: z.string(),
  duration_ms: z.number().int(),
  outcome: z.enum(['done', 'failed', 'interrupted']).describe('interrupted: its process ended in the middle of it, and another took it up'),
  counts: z.record(z.string(), z.number().int()).describe('How many of what was done'),
  error: z.string().nullable().describe('A code or a kind of error'),
});

export const jobObject = z.object({
  name: z.string(),
  does: z.string(),
  interval_seconds: z.number(),
  state: z.enum(['idle', 'waiting', 'running', 'paused']).describe('waiting: somebody wants it to run, and it has not begun'),
  running: z.object({ run_id: z.string(), trigger, started_at: z.string() }).nullable(),
  last_run: runObject.nullable(),
  next_run_at: z.string().nullable().describe('null: it is paused, or the queue is out of reach'),
  failures: z.number().int().describe('Runs that failed since the last one that did not'),
  paused_at: z.string().nullable(),
});

export const queueObject = z.object({ queue: z.string(), waiting: z.number().int(), active: z.number().int(), delayed: z.number().int().describe('To be tried again later, or planned'), failed: z.number().int().describe('Given up') });

export const failedJobObject = z.object({
  queue: z.string(),
  job_id: z.string(),
  job: z.string(),
  ids: z.record(z.string(), z.unknown()).describe('What it is about'),
  request_id: z.string(),
  attempts: z.number().int(),
  error: z.string(),
  failed_at: z.string(),
});

export function toRunObject(run: operations.JobRun): z.output<typeof runObject> {
  return { run_id: run.runId, trigger: run.trigger, started_at: run.startedAt, finished_at: run.finishedAt, duration_ms: run.durationMs, outcome: run.outcome, counts: run.counts, error: run.error };
}

export function toJobObject(job: operations.Job): z.output<typeof jobObject> {
  const { running, lastRun } = job;
  return {
    name: job.name,
    does: job.does,
    interval_seconds: job.everyMs / 1_000,
    state: job.state,
    running: running && { run_id: running.runId, trigger: running.trigger, started_at: running.startedAt },
    last_run: lastRun && toRunObject(lastRun),
    next_run_at: job.nextRunAt,
    failures: job.failures,
    paused_at: job.pausedAt,
  };
}

export function toFailedJobObject(job: operations.FailedJob): z.output<typeof failedJobObject> {
  return { queue: job.queue, job_id: job.jobId, job: job.job, ids: job.payload, request_id: job.requestId, attempts: job.attempts, error: job.error, failed_at: job.failedAt };
}

/** What names no job that there could be is answered like an unknown one. @throws Failure `job-not-found` */
export function nameOf({ name }: z.output<typeof jobParams>): string {
  if (!operations.jobName.safeParse(name).success) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
  return name;
}
