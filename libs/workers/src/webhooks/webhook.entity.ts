import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Whom what happens in a project is sent to. */
@Entity('webhooks')
@Check('webhooks_disabled_check', '(disabled_at IS NULL) = (disabled_reason IS NULL)')
@Index('webhooks_removed_idx', ['removedAt'], { where: 'removed_at IS NOT NULL' })
@Check('webhooks_previous_check', '(previous_secret IS NULL) = (previous_secret_until IS NULL)')
export class WebhookRow {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'webhooks_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'webhook_id', primaryKeyConstraintName: 'webhooks_pkey' })
  webhookId!: string;

  @Column('text')
  url!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  /** Null: all. */
  @Column('text', { array: true, nullable: true })
  types!: string[] | null;

  /** Sealed. */
  @Column('bytea')
  secret!: Buffer;

  @Column('bytea', { name: 'previous_secret', nullable: true })
  previousSecret!: Buffer | null;

  @Column({ type: 'timestamptz', name: 'previous_secret_until', precision: 3, nullable: true })
  previousSecretUntil!: string | null;

  /** Up to where the feed has become deliveries. */
  @Column('bigint')
  position!: number;

  @Column({ type: 'timestamptz', name: 'disabled_at', precision: 3, nullable: true })
  disabledAt!: string | null;

  @Column('text', { name: 'disabled_reason', nullable: true })
  disabledReason!: string | null;

  /** Since when nothing was taken. */
  @Column({ type: 'timestamptz', name: 'failing_since', precision: 3, nullable: true })
  failingSince!: string | null;

  /** Attempts that failed since the last that did not. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** After many failures: nothing is sent before, and then one. */
  @Column({ type: 'timestamptz', name: 'retry_at', precision: 3, nullable: true })
  retryAt!: string | null;

  /** It is nobody's any more; its deliveries go, then the row. */
  @Column({ type: 'timestamptz', name: 'removed_at', precision: 3, nullable: true })
  removedAt!: string | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, default: () => 'now()' })
  modifiedAt!: string;
}
