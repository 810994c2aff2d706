import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

export type Trigger = operations.JobRun['trigger'];

export interface ScheduleRow {
  name: string;
  runId: string | null;
  trigger: Trigger | null;
  startedAt: string | null;
  /** Whether the process of the run that is under way still says that it is. */
  isLive: boolean;
  requestedRunId: string | null;
  requestedAt: string | null;
  pausedAt: string | null;
  retryAt: string | null;
  /** Whether a failed run is to be left alone for a while. */
  mustWait: boolean;
  failures: number;
  lastRun: operations.JobRun | null;
  now: string;
}

/** How many runs of each schedule are kept. */
const keptRuns = 50;

const columns = `name, run_id AS "runId", trigger, started_at AS "startedAt", coalesce(lease_until > now(), false) AS "isLive", requested_run_id AS "requestedRunId", requested_at AS "requestedAt",
  paused_at AS "pausedAt", retry_at AS "retryAt", coalesce(retry_at > now(), false) AS "mustWait", failures, last_run AS "lastRun", now() AS now`;

const make = sql('job_schedules.make', 'INSERT INTO job_schedules (name) VALUES ($1) ON CONFLICT ON CONSTRAINT job_schedules_pkey DO NOTHING');
const lock = sql('job_schedules.lock', `SELECT ${columns} FROM job_schedules WHERE name = $1 FOR UPDATE`);
const all = sql('job_schedules.all', `SELECT ${columns} FROM job_schedules`);
const begin = sql(
  'job_schedules.begin',
  `UPDATE job_schedules SET run_id = $2, trigger = $3, started_at = now(), lease_until = now() + make_interval(secs => $4), retry_at = NULL,
          requested_run_id = nullif(requested_run_id, $2), requested_at = CASE WHEN requested_run_id = $2 THEN NULL ELSE requested_at END
   WHERE name = $1 RETURNING started_at AS "startedAt"`,
);
const renew = sql('job_schedules.renew', 'UPDATE job_schedules SET lease_until = now() + make_interval(secs => $3) WHERE name = $1 AND run_id = $2');
const end = sql(
  'job_schedules.end',
  `UPDATE job_schedules SET run_id = NULL, trigger = NULL, started_at = NULL, lease_until = NULL, failures = CASE WHEN $4 THEN failures + 1 ELSE 0 END,
          retry_at = now() + make_interval(secs => $5),
          last_run = $3::jsonb || jsonb_build_object('finishedAt', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
   WHERE name = $1 AND run_id = $2 RETURNING last_run AS run`,
);
const keep = sql('job_runs.keep', 'INSERT INTO job_runs (name, run_id, run) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT job_runs_pkey DO NOTHING');
const drop = sql('job_runs.drop', 'DELETE FROM job_runs WHERE name = $1 AND run_id <= (SELECT run_id FROM job_runs WHERE name = $1 ORDER BY run_id DESC OFFSET $2 LIMIT 1)');
const runs = sql('job_runs.of', 'SELECT run FROM job_runs WHERE name = $1 ORDER BY run_id DESC LIMIT $2');
const request = sql('job_schedules.request', 'UPDATE job_schedules SET requested_run_id = $2, requested_at = now() WHERE name = $1');
const pause = sql('job_schedules.pause', 'UPDATE job_schedules SET paused_at = CASE WHEN $2 THEN now() END WHERE name = $1');
/** All SQL of `job_schedules` and `job_runs`. Times are the database's. */
@Injectable()
export class SchedulesRepository {
  /** The row of a schedule, locked. It is made when there is none. */
  async lock(tx: Transaction, name: string): Promise<ScheduleRow> {
    await tx.execute(make, [name]);
    const [row] = await tx.query<ScheduleRow>(lock, [name]);
    return row as ScheduleRow;
  }

  async all(on: Queryable): Promise<Map<string, ScheduleRow>> {
    return new Map((await on.query<ScheduleRow>(all)).map((row) => [row.name, row]));
  }

  /** @returns when it began */
  async begin(tx: Transaction, name: string, runId: string, trigger: Trigger, leaseMs: number): Promise<string> {
    const [row] = await tx.query<{ startedAt: string }>(begin, [name, runId, trigger, leaseMs / 1_000]);
    return row!.startedAt;
  }

  /** @returns false: the run was taken for dead meanwhile */
  async renew(on: Queryable, name: string, runId: string, leaseMs: number): Promise<boolean> {
    return (await on.execute(renew, [name, runId, leaseMs / 1_000])) === 1;
  }

  /**
   * Ends the run, when it still is the one that is under way.
   * @param retryMs how long a run that failed is left alone; null: until its next time
   * @returns the run with its end; undefined: it was taken for dead meanwhile
   */
  async end(tx: Transaction, name: string, run: Omit<operations.JobRun, 'finishedAt'>, retryMs: number | null): Promise<operations.JobRun | undefined> {
    const [row] = await tx.query<{ run: operations.JobRun }>(end, [name, run.runId, JSON.stringify(run), run.outcome === 'failed', retryMs === null ? null : retryMs / 1_000]);
    return row?.run;
  }

  /** Keeps a run among the last ones of its schedule. */
  async keep(tx: Transaction, name: string, run: operations.JobRun): Promise<void> {
    await tx.execute(keep, [name, run.runId, JSON.stringify(run)]);
    await tx.execute(drop, [name, keptRuns]);
  }

  /** The newest first. */
  async runs(on: Queryable, name: string): Promise<operations.JobRun[]> {
    return (await on.query<{ run: operations.JobRun }>(runs, [name, keptRuns])).map(({ run }) => run);
  }

  async request(tx: Transaction, name: string, runId: string): Promise<void> {
    await tx.execute(request, [name, runId]);
  }

  async pause(tx: Transaction, name: string, isPaused: boolean): Promise<void> {
    await tx.execute(pause, [name, isPaused]);
  }
}
