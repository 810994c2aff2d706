import type { Queue } from 'bullmq';
import type { Histogram } from 'prom-client';
import { isFailure } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import type { Metrics } from '#libs/platform/telemetry';
import { traced } from '#libs/platform/tracing';
import { labelOf } from './error-label.js';
import type { JobData, QueueBackend, StoredJob } from './queue-backend.js';
import type { QueueTuning } from './queue-tuning.js';

export interface Schedule {
  /** kebab-case, unique. */
  name: string;
  everyMs: number;
}

/** One run of what is scheduled: because its time has come, or because somebody wants it now. */
export interface ScheduledRun {
  /** What `runNow` was told; undefined: its time has come. */
  readonly reason: string | undefined;
  /** Aborted when the process is told to stop. */
  readonly signal: AbortSignal;
}

export type ScheduleHandler = (run: ScheduledRun) => Promise<void>;

/** How much later than planned a run may be before its plan is taken for lost. */
const patienceMs = 60_000;

/** Work that is done every so often by one of all replicas. */
export class Schedules {
  static readonly queue = 'schedules';
  private readonly known = new Map<string, { schedule: Schedule; handler: ScheduleHandler }>();
  private readonly abort = new AbortController();
  private readonly durations: Histogram<'schedule' | 'outcome'>;
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly backend: QueueBackend,
    private readonly tuning: QueueTuning,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.durations = metrics.durations('rollcall_schedule_duration_seconds', 'Runs of what is scheduled; the outcome is done, waiting (for what is out of reach) or failed', ['schedule', 'outcome']);
  }

  get count(): number {
    return this.known.size;
  }

  add(schedule: Schedule, handler: ScheduleHandler): void {
    if (this.known.has(schedule.name)) throw new Error(`There are two schedules ${schedule.name}.`);
    this.known.set(schedule.name, { schedule, handler });
  }

  /** Sets them up, and sees to it that they stay: a store that lost everything gets them again. */
  start(): void {
    void this.backend.whenStarted().then(() => this.upkeep());
  }

  stop(): void {
    this.stopping = true;
    this.abort.abort();
    clearTimeout(this.timer);
  }

  async run(job: StoredJob): Promise<void> {
    const known = this.known.get(job.name);
    const queue = await this.backend.queue(Schedules.queue);
    if (known === undefined) {
      this.logger.info({ schedule: job.name }, 'a schedule of another version, taking it away');
      await queue.removeJobScheduler(job.name);
      return;
    }
    if (await this.runsElsewhere(queue, job)) return this.logger.debug({ schedule: job.name }, 'the last run goes on, leaving this one out');
    const began = performance.now();
    const ended = (outcome: 'done' | 'waiting' | 'failed') => this.durations.observe({ schedule: job.name, outcome }, (performance.now() - began) / 1_000);
    try {
      const { reason } = job.data.payload as { reason?: string };
      await traced({ name: `schedule ${job.name}`, kind: 'internal', begins: true }, () => known.handler({ reason, signal: this.abort.signal }));
      ended('done');
    } catch (error) {
      const waits = isFailure(error) && error.value.kind === 'unavailable';
      ended(waits ? 'waiting' : 'failed');
      // What is out of reach says so itself, and not once for each schedule.
      if (waits) return this.logger.debug({ schedule: job.name, err: error }, 'scheduled work has to wait for what it needs');
      this.logger.error({ schedule: job.name, err: error }, 'scheduled work failed, it will be tried again at its next time');
      throw new Error(labelOf(error), { cause: error }); // the store keeps the message and the stack
    }
  }

  /**
   * Has one run as soon as may be, beside the planned ones. While one waits that was wanted for the same reason, it is the same.
   * @throws when the store is out of reach
   */
  async runNow(name: string, reason: string): Promise<void> {
    if (!this.known.has(name)) throw new Error(`There is no schedule ${name}.`);
    const queue = await this.backend.queue(Schedules.queue);
    await queue.add(name, { requestId: `schedule-${name}`, payload: { reason } }, { jobId: `${name}-${reason}`, removeOnComplete: true, removeOnFail: true });
  }

  /** When each is planned next, milliseconds since the epoch, as far as the store knows. */
  async planned(): Promise<Map<string, number>> {
    const queue = await this.backend.queue(Schedules.queue);
    const planned = await Promise.all([...this.known.keys()].map(async (name) => [name, (await queue.getJobScheduler(name))?.next] as const));
    return new Map(planned.flatMap(([name, next]) => (next === undefined ? [] : [[name, next] as const])));
  }

  private async upkeep(): Promise<void> {
    if (this.stopping) return;
    try {
      const queue = await this.backend.queue(Schedules.queue);
      for (const { schedule } of this.known.values()) await this.ensure(queue, schedule);
    } catch (error) {
      this.logger.debug({ err: error }, 'schedules could not be looked at');
    }
    if (!this.stopping) this.timer = setTimeout(() => void this.upkeep(), this.tuning.upkeepMs);
  }

  private async ensure(queue: Queue<JobData, void>, { name, everyMs }: Schedule): Promise<void> {
    const found = await queue.getJobScheduler(name);
    const planned = found?.every === everyMs && (found.next ?? 0) > Date.now() - everyMs - patienceMs;
    if (planned) return;
    await queue.upsertJobScheduler(name, { every: everyMs }, { name, data: { requestId: `schedule-${name}`, payload: {} }, opts: { removeOnComplete: true, removeOnFail: true } });
  }

  /** Every run plans the next when it begins, so at most an earlier one can still be at it. */
  private async runsElsewhere(queue: Queue<JobData, void>, job: StoredJob): Promise<boolean> {
    const active = await queue.getActive(0, 1_000);
    const planned = (id: string | undefined) => Number(id?.split(':').at(-1));
    return active.some((other) => other.name === job.name && planned(other.id) < planned(job.id));
  }
}
