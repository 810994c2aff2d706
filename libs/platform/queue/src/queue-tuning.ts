/** Times and sizes of the job queue. The defaults suit every deployment; specs shorten the times. */
export class QueueTuning {
  /** How long adding a job may take before the caller hears that the queue is out of reach, milliseconds. */
  readonly addTimeoutMs: number = 1_500;
  /** The longest wait between attempts to reach Redis or Postgres. */
  readonly reconnectMs: number = 1_000;
  /** Attempts at a job before it has failed for good; with the waits below they take some twenty minutes. */
  readonly attempts: number = 40;
  /** The wait after the first failed attempt; it doubles with each one. */
  readonly firstRetryMs: number = 1_000;
  readonly longestRetryMs: number = 30_000;
  /** A worker that has not renewed its hold on a job for this long is taken for dead. */
  readonly lockMs: number = 10_000;
  /** How often workers look for jobs of dead ones: two looks and the hold make what a killed worker costs. */
  readonly stalledCheckMs: number = 5_000;
  /** How often schedules are looked at, and set up again where the store has lost them. */
  readonly upkeepMs: number = 10_000;
  /** How long jobs that run may go on after the process was told to stop. */
  readonly drainMs: number = 8_000;

  constructor(changes: Partial<QueueTuning> = {}) {
    Object.assign(this, changes);
  }
}
