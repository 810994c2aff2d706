import { Injectable } from '@nestjs/common';
import { inTime } from './in-time.js';
import { Jobs } from './jobs.js';
import { QueueBackend, type StoredJob } from './queue-backend.js';
import { QueueTuning } from './queue-tuning.js';

/** How many jobs of a queue are in which state. */
export interface QueueFigures {
  queue: string;
  waiting: number;
  active: number;
  delayed: number;
  /** Given up; kept for seven days. */
  failed: number;
}

/** A job that was given up. */
export interface FailedJob {
  queue: string;
  jobId: string;
  job: string;
  /** Ids. */
  payload: Record<string, unknown>;
  requestId: string;
  attempts: number;
  /** A code or a kind of error. */
  error: string;
  /** ISO 8601. */
  failedAt: string;
}

/** What an operator wants to know of the queues. Everything throws Failure `service-unavailable` while the store is out of reach. */
@Injectable()
export class QueueInspector {
  constructor(
    private readonly backend: QueueBackend,
    private readonly jobs: Jobs,
    private readonly tuning: QueueTuning,
  ) {}

  async figures(): Promise<QueueFigures[]> {
    return this.ask(async () =>
      Promise.all(
        this.jobs.queues().map(async (name) => {
          const queue = await this.backend.queue(name);
          const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
          return { queue: name, waiting: waiting + prioritized, active, delayed, failed };
        }),
      ),
    );
  }

  /** Those that were given up, the last ones first, at most `limit` of each queue. */
  async failed(limit: number): Promise<FailedJob[]> {
    const found = await this.ask(async () => Promise.all(this.jobs.queues().map(async (name) => (await (await this.backend.queue(name)).getFailed(0, limit - 1)).filter((job) => job !== undefined))));
    return found.flat().map(describe).sort((one, other) => other.failedAt.localeCompare(one.failedAt));
  }

  /** Has one start anew. @returns false: none of this id was given up */
  async retry(queue: string, jobId: string): Promise<boolean> {
    if (!this.jobs.queues().includes(queue)) return false;
    return this.ask(async () => {
      const job = await (await this.backend.queue(queue)).getJob(jobId);
      if (job === undefined || !(await job.isFailed())) return false;
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    });
  }

  private ask<T>(work: () => Promise<T>): Promise<T> {
    return inTime(this.backend, work, this.tuning);
  }
}

function describe(job: StoredJob): FailedJob {
  return {
    queue: job.queueName,
    jobId: job.id ?? '',
    job: job.name,
    payload: job.data.payload as Record<string, unknown>,
    requestId: job.data.requestId,
    attempts: job.attemptsMade,
    error: job.failedReason,
    failedAt: new Date(job.finishedOn ?? job.timestamp).toISOString(),
  };
}
