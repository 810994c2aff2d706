import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { operations, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext, ResponseOf } from '#libs/platform/messages';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork, type ScheduleDefinition } from './scheduled-work.js';
import { SchedulesRepository, type ScheduleRow } from './schedules.repository.js';

/** What an administrator sees of the schedules, and does with them. */
@Injectable()
export class ManageJobs {
  constructor(
    private readonly work: ScheduledWork,
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly schedules: SchedulesRepository,
    private readonly logger: Logger,
  ) {}

  /** By name. */
  async list(): Promise<operations.Job[]> {
    const [rows, planned] = await Promise.all([this.schedules.all(this.database), this.planned()]);
    return this.work.all().map((definition) => describe(definition, rows.get(definition.name), planned?.get(definition.name)));
  }

  /** @throws Failure `job-not-found` */
  async get(name: string): Promise<ResponseOf<typeof operations.getJob>> {
    this.definition(name);
    const [all, runs] = await Promise.all([this.list(), this.schedules.runs(this.database, name)]);
    return { job: all.find((job) => job.name === name)!, runs };
  }

  /**
   * The row says that it is wanted; the queue may hear of it later, from the schedule `resume-jobs`.
   * @throws Failure `job-not-found`
   */
  async run(name: string, actor: Actor, context: CallContext): Promise<ResponseOf<typeof operations.runJob>> {
    this.definition(name);
    const answer = await this.database.withTransaction(async (tx): Promise<ResponseOf<typeof operations.runJob>> => {
      const row = await this.schedules.lock(tx, name);
      if (row.runId !== null && row.isLive) return { runId: row.runId, state: 'running', isNew: false };
      if (row.requestedRunId !== null) return { runId: row.requestedRunId, state: 'waiting', isNew: false };
      const runId = newId();
      await this.schedules.request(tx, name, runId);
      await auditTrail.append(tx, context, { actor, action: 'job.run-requested', target: { type: 'job', id: name } });
      return { runId, state: 'waiting', isNew: true };
    });
    if (answer.state === 'waiting') await this.jobs.runNow(name, answer.runId).catch((error: unknown) => this.logger.debug({ schedule: name, err: error }, 'the queue hears later that scheduled work is wanted'));
    return answer;
  }

  /** @throws Failure `job-not-found` */
  async pause(name: string, isPaused: boolean, actor: Actor, context: CallContext): Promise<operations.Job> {
    this.definition(name);
    await this.database.withTransaction(async (tx) => {
      const { pausedAt } = await this.schedules.lock(tx, name);
      if ((pausedAt !== null) === isPaused) return;
      await this.schedules.pause(tx, name, isPaused);
      await auditTrail.append(tx, context, { actor, action: isPaused ? 'job.paused' : 'job.resumed', target: { type: 'job', id: name } });
    });
    return (await this.get(name)).job;
  }

  private definition(name: string): ScheduleDefinition {
    const found = this.work.get(name);
    if (found === undefined) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
    return found;
  }

  /** Undefined while the queue is out of reach: what the rows know is shown all the same. */
  private async planned(): Promise<ReadonlyMap<string, number> | undefined> {
    return this.jobs.planned().catch(() => undefined);
  }
}

function describe({ name, does, everyMs }: ScheduleDefinition, row: ScheduleRow | undefined, planned: number | undefined): operations.Job {
  const runs = row !== undefined && row.runId !== null && row.isLive;
  const isPaused = row !== undefined && row.pausedAt !== null;
  const state = runs ? 'running' : row !== undefined && row.requestedRunId !== null ? 'waiting' : isPaused ? 'paused' : 'idle';
  const retryAt = row?.retryAt == null ? undefined : Date.parse(row.retryAt);
  const next = Math.min(planned ?? Infinity, retryAt ?? Infinity);
  return {
    name,
    does,
    everyMs,
    state,
    running: runs ? { runId: row.runId!, trigger: row.trigger!, startedAt: row.startedAt! } : null,
    lastRun: row?.lastRun ?? null,
    failures: row?.failures ?? 0,
    nextRunAt: isPaused || next === Infinity ? null : new Date(retryAt === undefined ? next : Math.max(retryAt, next)).toISOString(),
    pausedAt: row?.pausedAt ?? null,
  };
}
