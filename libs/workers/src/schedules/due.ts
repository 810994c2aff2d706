import type { Schedule } from '#libs/platform/queue';
import type { ScheduleRow } from './schedules.repository.js';

/** How long what the queue should see to is left to it, milliseconds. */
const patienceMs = 3_000;
const overdueMs = 10_000;

/** Whether a schedule should have run and has not: the queue lost its plan, or could not run it when its time had come. */
export function isOverdue(row: ScheduleRow | undefined, { everyMs }: Schedule): boolean {
  if (row?.lastRun == null) return true;
  return age(row.lastRun.startedAt, row) > everyMs + Math.max(overdueMs, everyMs / 20);
}

/** Whether somebody has to see to a schedule: it is wanted and forgotten, interrupted, failed some time ago, or overdue. */
export function isLeft(row: ScheduleRow | undefined, schedule: Schedule): boolean {
  if (row === undefined) return true;
  if (row.runId !== null) return !row.isLive;
  if (row.requestedRunId !== null) return age(row.requestedAt, row) > patienceMs;
  if (row.pausedAt !== null || row.mustWait) return false;
  return row.retryAt !== null || isOverdue(row, schedule);
}

/** By the clock of the database. */
function age(time: string | null, { now }: ScheduleRow): number {
  return time === null ? Infinity : Date.parse(now) - Date.parse(time);
}
