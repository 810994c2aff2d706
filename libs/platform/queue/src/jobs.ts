import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { Histogram } from 'prom-client';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import type { AnyJobType, JobPayloadOf } from '#libs/platform/messages';
import { Metrics } from '#libs/platform/telemetry';
import { traced } from '#libs/platform/tracing';
import { labelOf } from './error-label.js';
import { QueueBackend, type JobData, type JobProcessor, type StoredJob } from './queue-backend.js';
import { QueueTuning } from './queue-tuning.js';
import { queueConfig } from './queue.config.js';
import { inTime } from './in-time.js';
import { RunQueues } from './run-queues.js';
import { Schedules, type Schedule, type ScheduleHandler } from './schedules.js';

export interface RunningJob {
  id: string;
  /** 1 for the first. A worker that was killed counts too. */
  attempt: number;
  /** Of the request that made the job. */
  requestId: string;
}

/** Runs one job, at least once: it must be safe to run again. Throwing has it run again later. */
export type JobHandler<J extends AnyJobType = AnyJobType> = (payload: JobPayloadOf<J>, job: RunningJob) => Promise<void>;

/** What this process runs: handlers of jobs, and schedules. */
@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  private readonly handlers = new Map<string, { jobType: AnyJobType; handler: JobHandler }>();
  private readonly schedules: Schedules;
  private readonly durations: Histogram<'job' | 'outcome'>;
  private readonly workers: Worker<JobData, void>[] = [];
  private readonly running = new Set<Promise<void>>();
  private started = false;
  private stopping = false;

  constructor(
    private readonly backend: QueueBackend,
    private readonly tuning: QueueTuning,
    private readonly runQueues: RunQueues,
    @Inject(queueConfig.token) private readonly config: ConfigValues<typeof queueConfig>,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.durations = metrics.durations('rollcall_job_duration_seconds', 'Runs of jobs; the outcome is done, retry or given-up', ['job', 'outcome']);
    this.schedules = new Schedules(backend, tuning, logger, metrics);
  }

  handle<J extends AnyJobType>(jobType: J, handler: JobHandler<J>): void {
    if (this.handlers.has(jobType.name)) throw new Error(`The job ${jobType.name} has two handlers.`);
    if (jobType.queue === Schedules.queue) throw new Error(`The queue ${Schedules.queue} is for schedules only: the job ${jobType.name} needs another.`);
    this.handlers.set(jobType.name, { jobType, handler });
  }

  /** Runs the handler every so often: on one of all replicas, never twice at a time. A run that fails is left to the next. */
  schedule(schedule: Schedule, handler: ScheduleHandler): void {
    this.schedules.add(schedule, handler);
  }

  /**
   * Has a schedule run as soon as may be, on any replica.
   * @param reason told to the handler; no `:` in it. While one waits for the same reason, it is the same
   * @throws Failure `service-unavailable` while the queue is out of reach
   */
  async runNow(name: string, reason: string): Promise<void> {
    await inTime(this.backend, () => this.schedules.runNow(name, reason), this.tuning);
  }

  /**
   * When each schedule is planned next, milliseconds since the epoch.
   * @throws Failure `service-unavailable` while the queue is out of reach
   */
  async planned(): Promise<ReadonlyMap<string, number>> {
    return inTime(this.backend, () => this.schedules.planned(), this.tuning);
  }

  /** The queues whose jobs run here. */
  queues(): string[] {
    return [...this.queuesOfJobs(), ...(this.schedules.count > 0 ? [Schedules.queue] : [])];
  }

  /**
   * Starts to run jobs, as soon as the store is there.
   * @param expected every job there is
   * @throws when one of them has no handler
   */
  start(expected: readonly AnyJobType[]): void {
    if (this.started) throw new Error('The jobs have been started before.');
    this.started = true;
    const missing = expected.filter(({ name }) => !this.handlers.has(name)).map(({ name }) => name);
    if (missing.length > 0) throw new Error(`These jobs have no handler: ${missing.join(', ')}.`);
    for (const queue of this.queuesOfJobs()) void this.work(queue, (job) => this.track(this.runTraced(job)), this.config.JOB_CONCURRENCY);
    if (this.schedules.count > 0) {
      // Most of a run is waiting: some long ones must not keep the others from their turn, nor all of them come at once.
      void this.work(Schedules.queue, (job) => this.track(this.schedules.run(job)), Math.max(Math.ceil(this.schedules.count / 2), this.config.JOB_CONCURRENCY));
      this.schedules.start();
    }
  }

  private queuesOfJobs(): string[] {
    return [...new Set([...this.handlers.values()].map(({ jobType }) => jobType.queue))].filter((queue) => this.runQueues.includes(queue));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.schedules.stop();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), this.tuning.drainMs);
    });
    if ((await Promise.race([this.finish(), late])) === 'late') {
      this.logger.warn({ running: this.running.size }, 'jobs that run are cut off, others will run them again');
      // One that is not told would ask for jobs without a pause once the store's connections are closed, and leave the process no moment to end in.
      for (const worker of this.workers) worker.close(true).catch(() => undefined);
    }
    clearTimeout(timer);
  }

  private async finish(): Promise<void> {
    const reachable = await this.backend.check().then(
      () => true,
      () => false,
    );
    if (reachable) {
      await Promise.allSettled(this.workers.map((worker) => worker.close()));
      return;
    }
    // BullMQ would wait for the store to note what was done.
    await Promise.allSettled(this.running);
    await Promise.allSettled(this.workers.map((worker) => worker.close(true)));
  }

  private async work(queue: string, processor: JobProcessor, concurrency: number): Promise<void> {
    await this.backend.whenStarted();
    while (!this.stopping) {
      try {
        const worker = await this.backend.worker(queue, processor, {
          concurrency,
          lockDuration: this.tuning.lockMs,
          stalledInterval: this.tuning.stalledCheckMs,
          maxStalledCount: this.tuning.attempts, // a worker that is killed is not the job's fault
          runRetryDelay: this.tuning.reconnectMs,
          settings: { backoffStrategy: (attempt = 1) => Math.min(this.tuning.firstRetryMs * 2 ** (attempt - 1), this.tuning.longestRetryMs) },
        });
        this.workers.push(worker);
        if (this.stopping) return await worker.close();
        return await worker.run();
      } catch (error) {
        this.logger.warn({ queue, err: error }, 'a worker could not start, trying again');
        await new Promise((resolve) => setTimeout(resolve, this.tuning.reconnectMs));
      }
    }
  }

  private track(run: Promise<void>): Promise<void> {
    this.running.add(run);
    return run.finally(() => this.running.delete(run));
  }

  private runTraced(job: StoredJob): Promise<void> {
    const attributes = { 'messaging.system': 'bullmq', 'messaging.operation.type': 'process', 'messaging.destination.name': job.queueName, 'messaging.message.id': job.id ?? '', 'rollcall.attempt': job.attemptsStarted };
    return traced({ name: `run ${job.name}`, kind: 'consumer', attributes, from: job.data.traceparent, begins: true }, () => this.run(job));
  }

  private async run(job: StoredJob): Promise<void> {
    const { id = '', name, data, attemptsStarted: attempt } = job;
    const about = { job: name, jobId: id, attempt, requestId: data.requestId };
    const began = performance.now();
    const ended = (outcome: 'done' | 'retry' | 'given-up') => this.durations.observe({ job: this.handlers.has(name) ? name : 'unknown', outcome }, (performance.now() - began) / 1_000);
    try {
      const known = this.handlers.get(name);
      if (known === undefined) throw new Error('this process has no handler of the job');
      await known.handler(known.jobType.payload.parse(data.payload), { id, attempt, requestId: data.requestId });
      ended('done');
      this.logger.debug(about, 'job done');
    } catch (error) {
      const last = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
      ended(last ? 'given-up' : 'retry');
      if (last) this.logger.error({ ...about, err: error }, 'job given up');
      else this.logger.warn({ ...about, err: error }, 'job failed, it will be tried again');
      throw new Error(labelOf(error), { cause: error }); // the store keeps the message and the stack
    }
  }
}
