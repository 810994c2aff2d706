import { Injectable } from '@nestjs/common';
import type { JobsOptions } from 'bullmq';
import type { AnyJobType, CallContext, JobPayloadOf } from '#libs/platform/messages';
import { carriedTrace, traced, type SpanStart } from '#libs/platform/tracing';
import { inTime } from './in-time.js';
import { QueueBackend, type JobData, type StoredJob } from './queue-backend.js';
import { QueueTuning } from './queue-tuning.js';

const day = 24 * 60 * 60;

export interface AddJobOptions {
  /** What the job is about, so that it is made once: `erase-<erasure id>`. No `:`, not only digits. */
  jobId: string;
  /** Milliseconds before it may run. */
  delayMs?: number;
  /** Whatever else waits in the queue, and is not patient itself, goes before it. */
  isPatient?: boolean;
}

/** A job of several that belong together. */
export interface JobOfFlow<J extends AnyJobType = AnyJobType> {
  jobType: J;
  payload: JobPayloadOf<J>;
  jobId: string;
}

/** Where jobs are made, from rows that are committed. */
@Injectable()
export class JobQueue {
  constructor(
    private readonly backend: QueueBackend,
    private readonly tuning: QueueTuning,
  ) {}

  /**
   * Adds a job. One that is there already, or was done within a day, stays as it is; one that has failed for good starts anew.
   * @throws Failure `service-unavailable`, within two seconds, while the queue is out of reach: the row it is about is then
   *   left to the schedule that looks for rows without a job
   */
  async add<J extends AnyJobType>(jobType: J, payload: JobPayloadOf<J>, context: CallContext, { jobId, delayMs, isPatient = false }: AddJobOptions): Promise<void> {
    assertJobId(jobId);
    const data = dataOf(jobType, payload, context);
    await traced(spanOf(jobType), () => inTime(this.backend, () => this.put(jobType, data, jobId, { delay: delayMs, ...(isPatient ? { priority: 1 } : {}) }), this.tuning));
  }

  /**
   * Adds several jobs that run beside one another, and one that runs after them: all or none. What is there already stays as it is, and
   * what has failed for good starts anew, as with `add`. One that is given up does not keep the last one waiting: that has to look itself
   * whether everything was done.
   * @throws as `add`
   */
  async addFlow(last: JobOfFlow, before: readonly JobOfFlow[], context: CallContext): Promise<void> {
    const nodeOf = ({ jobType, payload, jobId }: JobOfFlow, options: JobsOptions = {}) => {
      assertJobId(jobId);
      const data = dataOf(jobType, payload, context);
      return { name: jobType.name, queueName: jobType.queue, data, opts: { ...this.options(jobId), ...options } };
    };
    const flow = { ...nodeOf(last), children: before.map((job) => nodeOf(job, { ignoreDependencyOnFailure: true })) };
    const put = async () => {
      const { job, children = [] } = await (await this.backend.flows()).add(flow);
      await Promise.all([job, ...children.map((child) => child.job)].map((one) => startAnew(one)));
    };
    await traced(spanOf(last.jobType), () => inTime(this.backend, put, this.tuning));
  }

  private async put(jobType: AnyJobType, data: JobData, jobId: string, options: JobsOptions): Promise<void> {
    const queue = await this.backend.queue(jobType.queue);
    await startAnew(await queue.add(jobType.name, data, { ...this.options(jobId), ...options }));
  }

  private options(jobId: string): JobsOptions & { jobId: string } {
    return {
      jobId,
      attempts: this.tuning.attempts,
      backoff: { type: 'custom' }, // as the workers say
      removeOnComplete: { age: day },
      removeOnFail: { age: 7 * day },
      stackTraceLimit: 1,
    };
  }
}

function dataOf(jobType: AnyJobType, payload: unknown, context: CallContext): JobData {
  const traceparent = carriedTrace(context);
  return { requestId: context.requestId, ...(traceparent === undefined ? {} : { traceparent }), payload: jobType.payload.parse(payload) };
}

function spanOf({ name, queue }: AnyJobType): SpanStart {
  return { name: `add ${name}`, kind: 'producer', attributes: { 'messaging.system': 'bullmq', 'messaging.operation.type': 'send', 'messaging.destination.name': queue } };
}

/** What was given up before, under the same id. */
async function startAnew(job: Pick<StoredJob, 'isFailed' | 'retry'>): Promise<void> {
  if (!(await job.isFailed())) return;
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true }).catch(async (error: unknown) => {
    if (await job.isFailed()) throw error; // else somebody was faster
  });
}

/** BullMQ joins keys with colons, and takes numbers for ids of its own. */
function assertJobId(jobId: string): void {
  if (!/^[^:]{1,200}$/.test(jobId) || /^\d+$/.test(jobId)) throw new Error('A job id has 1 to 200 characters, no colon, and is not a number.');
}
