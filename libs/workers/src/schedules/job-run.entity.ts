import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A run of a schedule that did something, failed, was interrupted or was wanted by somebody. The last ones of each are kept. */
@Entity({ name: 'job_runs' })
export class JobRunEntry {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'job_runs_pkey' })
  name!: string;

  /** UUIDv7: in the order of beginning. */
  @PrimaryColumn({ type: 'uuid', name: 'run_id', primaryKeyConstraintName: 'job_runs_pkey' })
  runId!: string;

  /** A `JobRun`. */
  @Column({ type: 'jsonb' })
  run!: unknown;
}
