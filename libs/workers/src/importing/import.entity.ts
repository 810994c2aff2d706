import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A file of users or events that somebody brings in, and how far it has been read. */
@Entity('imports')
@Index('imports_unfinished_idx', ['projectId'], { where: 'finished_at IS NULL' })
@Index('imports_finished_idx', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
@Check('imports_state_check', `state IN ('uploading', 'waiting', 'running', 'done', 'failed', 'cancelled') AND (state IN ('uploading', 'waiting', 'running')) = (finished_at IS NULL)`)
export class ImportRow {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'imports_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'imports_pkey' })
  importId!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  format!: string;

  @Column('boolean', { name: 'dry_run' })
  dryRun!: boolean;

  @Column('text', { default: 'uploading' })
  state!: string;

  @Column('text', { nullable: true })
  error!: string | null;

  /** Of a CSV file: its delimiter and what its columns are. */
  @Column('jsonb', { nullable: true })
  header!: object | null;

  @Column('bigint', { default: 0 })
  bytes!: number;

  /** Up to where the file has been written: the byte and the line at which the next row begins. */
  @Column('bigint', { default: 0 })
  position!: number;

  @Column('bigint', { default: 1 })
  line!: number;

  @Column('bigint', { name: 'row_count', default: 0 })
  rowCount!: number;

  @Column('bigint', { default: 0 })
  created!: number;

  @Column('bigint', { default: 0 })
  updated!: number;

  @Column('bigint', { default: 0 })
  skipped!: number;

  @Column('bigint', { default: 0 })
  failed!: number;

  @Column('bigint', { name: 'errors_left_out', default: 0 })
  errorsLeftOut!: number;

  /** Who writes it now, and until when nobody else does. */
  @Column('uuid', { name: 'lease_id', nullable: true })
  leaseId!: string | null;

  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3, nullable: true })
  leaseUntil!: string | null;

  @Column('text', { name: 'requested_by' })
  requestedBy!: string;

  @Column('text', { name: 'requested_by_type' })
  requestedByType!: string;

  @Column('text', { name: 'request_id' })
  requestId!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  /** When the last part of the file came. */
  @Column({ type: 'timestamptz', name: 'received_at', precision: 3, default: () => 'now()' })
  receivedAt!: string;

  @Column({ type: 'timestamptz', name: 'submitted_at', precision: 3, nullable: true })
  submittedAt!: string | null;

  @Column({ type: 'timestamptz', name: 'started_at', precision: 3, nullable: true })
  startedAt!: string | null;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: string | null;
}
