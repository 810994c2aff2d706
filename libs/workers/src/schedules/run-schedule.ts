import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { labelOf, QueueTuning, type Schedule, type ScheduledRun } from '#libs/platform/queue';
import { Readiness } from '#libs/platform/telemetry';
import { isOverdue } from './due.js';
import { RunLease } from './run-lease.js';
import { SchedulesRepository, type ScheduleRow, type Trigger } from './schedules.repository.js';
import type { Work } from './scheduled-work.js';

/** The wait after the first run that failed; it doubles with each one. */
const firstRetryMs = 10_000;
const longestRetryMs = 600_000;
/** The wait while something is out of reach: the work is not to blame. */
const unavailableRetryMs = 30_000;

interface Begun {
  runId: string;
  trigger: Trigger;
  startedAt: string;
  failures: number;
}

/** Runs what is scheduled, on one of all replicas at a time, and writes down what became of it. */
@Injectable()
export class RunSchedule {
  constructor(
    private readonly database: Database,
    private readonly schedules: SchedulesRepository,
    private readonly tuning: QueueTuning,
    private readonly readiness: Readiness,
    private readonly logger: Logger,
  ) {}

  /** Does nothing when one is under way, when it is paused, or when it failed a moment ago. */
  async run(schedule: Schedule, { reason, signal }: ScheduledRun, work: Work): Promise<void> {
    const { name, everyMs } = schedule;
    // A process that is still starting would fail all of it, and say so.
    if (!(await this.isStarted(signal))) return;
    const begun = await this.begin(schedule, reason);
    if (begun === undefined) return this.logger.debug({ schedule: name, reason }, 'scheduled work is not to be done now');
    const { failures, ...run } = begun;
    const since = performance.now();
    const lease = new RunLease(() => this.schedules.renew(this.database, name, run.runId, this.tuning.lockMs), this.tuning.lockMs);
    const goOn = AbortSignal.any([signal, lease.lost]);
    const done = { counts: {} as Record<string, number>, outcome: 'done' as operations.JobRun['outcome'], error: null as string | null };
    let retryMs: number | null = null;
    try {
      done.counts = await work({ requestId: `schedule-${name}-${run.runId}` }, goOn);
    } catch (error) {
      if (goOn.aborted) {
        Object.assign(done, { outcome: 'interrupted' });
        retryMs = 0;
      } else {
        Object.assign(done, { outcome: 'failed', error: codeOf(error) });
        retryMs = retryAfter(error, everyMs, failures);
        const about = { schedule: name, runId: run.runId, failures: failures + 1, retryInMs: retryMs ?? everyMs, err: error };
        if (isUnavailable(error)) this.logger.debug(about, 'scheduled work has to wait for what it needs');
        else this.logger.error(about, 'scheduled work failed, it will be tried again');
      }
    } finally {
      lease.end();
    }
    await this.end(name, { ...run, ...done, durationMs: Math.round(performance.now() - since) }, retryMs);
  }

  /** Waits for what this process needs. @returns false: it is told to stop before */
  private async isStarted(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    // A signal of its own: all schedules wait at once, and Node takes so many listeners of one signal for a leak.
    const own = AbortSignal.any([signal]);
    let stop: () => void = () => undefined;
    const stopped = new Promise<boolean>((resolve) => (stop = () => resolve(false)));
    own.addEventListener('abort', stop, { once: true });
    const started = await Promise.race([this.readiness.whenStarted().then(() => true), stopped]);
    own.removeEventListener('abort', stop);
    return started;
  }

  private async begin(schedule: Schedule, reason: string | undefined): Promise<Begun | undefined> {
    const { name } = schedule;
    return this.database.withTransaction(async (tx) => {
      const row = await this.schedules.lock(tx, name);
      if (row.runId !== null && row.isLive) return undefined;
      const next = nextRun(row, schedule, reason);
      if (row.runId !== null) await this.interrupted(tx, row);
      if (next === undefined) return undefined;
      return { ...next, startedAt: await this.schedules.begin(tx, name, next.runId, next.trigger, this.tuning.lockMs), failures: row.failures };
    });
  }

  /** The process of the run died; what it had done nobody knows. */
  private async interrupted(tx: Parameters<SchedulesRepository['keep']>[0], { name, runId, trigger, startedAt, now }: ScheduleRow): Promise<void> {
    const durationMs = Math.max(0, Date.parse(now) - Date.parse(startedAt!));
    await this.schedules.keep(tx, name, { runId: runId!, trigger: trigger!, startedAt: startedAt!, finishedAt: now, durationMs, outcome: 'interrupted', counts: {}, error: null });
    tx.afterCommit(() => this.logger.warn({ schedule: name, runId }, 'scheduled work was interrupted, it is taken up again'));
  }

  private async end(name: string, run: Omit<operations.JobRun, 'finishedAt'>, retryMs: number | null): Promise<void> {
    const isKnown = await this.database.withTransaction(async (tx) => {
      const ended = await this.schedules.end(tx, name, run, retryMs);
      const isWorthKeeping = run.outcome !== 'done' || run.trigger === 'manual' || Object.values(run.counts).some((count) => count > 0);
      if (ended !== undefined && isWorthKeeping) await this.schedules.keep(tx, name, ended);
      return ended !== undefined;
    });
    if (!isKnown) this.logger.warn({ schedule: name, runId: run.runId }, 'scheduled work ended that was taken for dead');
  }
}

/** What is to begin now, if anything. What somebody wants, and what was interrupted, begins whatever else holds. */
function nextRun(row: ScheduleRow, schedule: Schedule, reason: string | undefined): { runId: string; trigger: Trigger } | undefined {
  if (row.requestedRunId !== null) return { runId: row.requestedRunId, trigger: 'manual' };
  if (row.runId !== null) return { runId: newId(), trigger: row.trigger ?? 'scheduled' };
  if (row.pausedAt !== null || row.mustWait) return undefined;
  // It was wanted for a reason that another run has dealt with.
  if (reason !== undefined && row.retryAt === null && !isOverdue(row, schedule)) return undefined;
  return { runId: newId(), trigger: 'scheduled' };
}

function retryAfter(error: unknown, everyMs: number, failures: number): number | null {
  if (isUnavailable(error)) return everyMs > unavailableRetryMs ? unavailableRetryMs : null;
  return Math.min(firstRetryMs * 2 ** Math.min(failures, 10), longestRetryMs);
}

function isUnavailable(error: unknown): boolean {
  return isFailure(error) && error.value.kind === 'unavailable';
}

/** Messages of errors quote values: a failure's code, else what `labelOf` makes of it. */
function codeOf(error: unknown): string {
  return isFailure(error) ? error.value.code : labelOf(error);
}
