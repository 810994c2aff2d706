import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How one schedule is doing. What it is called, does and how often is in the code. */
@Entity({ name: 'job_schedules' })
export class JobSchedule {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'job_schedules_pkey' })
  name!: string;

  /** The run that is under way; null: none. */
  @Column({ type: 'uuid', name: 'run_id', nullable: true })
  runId!: string | null;

  @Column({ type: 'text', nullable: true })
  trigger!: string | null;

  @Column({ type: 'timestamptz', name: 'started_at', nullable: true })
  startedAt!: string | null;

  /** Until then nobody else begins one. Its process moves it on; one that is over belongs to a process that died. */
  @Column({ type: 'timestamptz', name: 'lease_until', nullable: true })
  leaseUntil!: string | null;

  /** The run that somebody wants, and that has not begun. */
  @Column({ type: 'uuid', name: 'requested_run_id', nullable: true })
  requestedRunId!: string | null;

  @Column({ type: 'timestamptz', name: 'requested_at', nullable: true })
  requestedAt!: string | null;

  @Column({ type: 'timestamptz', name: 'paused_at', nullable: true })
  pausedAt!: string | null;

  /** The last run failed: not before then, and soon after. */
  @Column({ type: 'timestamptz', name: 'retry_at', nullable: true })
  retryAt!: string | null;

  /** Runs that failed since the last one that did not. */
  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /** The last run that ended: a `JobRun`. */
  @Column({ type: 'jsonb', name: 'last_run', nullable: true })
  lastRun!: unknown;
}
