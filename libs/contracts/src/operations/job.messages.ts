import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { workCounts } from '../upkeep.messages.js';
import { actor, id, storableText, timestamp } from '../values.js';

/** Of a schedule. */
export const jobName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

/** `scheduled`: its time had come; `manual`: somebody wanted it. */
export const runTrigger = z.enum(['scheduled', 'manual']);

/** `interrupted`: its process ended in the middle of it; another run has taken it up. */
export const runOutcome = z.enum(['done', 'failed', 'interrupted']);

export const jobRun = z.object({
  runId: id,
  trigger: runTrigger,
  startedAt: timestamp,
  finishedAt: timestamp,
  durationMs: z.number().int(),
  outcome: runOutcome,
  counts: workCounts,
  /** A code or a kind of error, of one that failed. */
  error: z.string().nullable(),
});
export type JobRun = z.output<typeof jobRun>;

/** A schedule, and how it is doing. */
export const job = z.object({
  name: jobName,
  /** One sentence. */
  does: z.string(),
  everyMs: z.number().int(),
  /** `waiting`: somebody wants it to run, and it has not begun. */
  state: z.enum(['idle', 'waiting', 'running', 'paused']),
  running: z.object({ runId: id, trigger: runTrigger, startedAt: timestamp }).nullable(),
  lastRun: jobRun.nullable(),
  /** Runs that failed since the last one that did not. */
  failures: z.number().int(),
  /** Null while it is paused, or nobody knows. */
  nextRunAt: timestamp.nullable(),
  pausedAt: timestamp.nullable(),
});
export type Job = z.output<typeof job>;

export const queueFigures = z.object({ queue: z.string(), waiting: z.number().int(), active: z.number().int(), delayed: z.number().int(), failed: z.number().int() });

/** All schedules by name. `queues` is null while the queue's store is out of reach. */
export const listJobs = defineMessage({
  subject: 'operations.job.list',
  request: z.object({}),
  response: z.object({ jobs: z.array(job), queues: z.array(queueFigures).nullable() }),
});

/** One, with its last runs, the newest first: those that did something, failed or were wanted by somebody. */
export const getJob = defineMessage({
  subject: 'operations.job.get',
  request: z.object({ name: jobName }),
  response: z.object({ job, runs: z.array(jobRun) }),
  errors: ['job-not-found'],
});

/** Has one run now. While one waits or runs, that one is answered, and no other is made. */
export const runJob = defineMessage({
  subject: 'operations.job.run',
  request: z.object({ name: jobName, actor }),
  response: z.object({ runId: id, state: z.enum(['waiting', 'running']), isNew: z.boolean() }),
  errors: ['job-not-found'],
});

/** Paused, its time passes it by; it runs when somebody wants it. Again is harmless. */
export const pauseJob = defineMessage({
  subject: 'operations.job.pause',
  request: z.object({ name: jobName, isPaused: z.boolean(), actor }),
  response: job,
  errors: ['job-not-found'],
});

/** A job of a queue that was given up after all its attempts. */
export const failedJob = z.object({
  queue: z.string(),
  jobId: z.string(),
  job: z.string(),
  /** Ids. */
  payload: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  attempts: z.number().int(),
  error: z.string(),
  failedAt: timestamp,
});
export type FailedJob = z.output<typeof failedJob>;

/** The last 100 of each queue, the newest first; the queues keep them for seven days. */
export const listFailedJobs = defineMessage({
  subject: 'operations.failed-job.list',
  request: z.object({}),
  response: z.object({ failedJobs: z.array(failedJob) }),
});

/** Has one start anew. */
export const retryFailedJob = defineMessage({
  subject: 'operations.failed-job.retry',
  request: z.object({ queue: storableText.max(64), jobId: storableText.min(1).max(200), actor }),
  response: z.object({}),
  errors: ['job-not-found'],
});
