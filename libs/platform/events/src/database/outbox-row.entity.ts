import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** An event that was committed with the change it tells of. Kept for some days after it was published, to repair from. */
@Entity({ name: 'outbox' })
@Unique('outbox_id_key', ['id'])
@Index('outbox_unfed_idx', ['sequence'], { where: 'fed_at IS NULL' })
@Index('outbox_unpublished_idx', ['sequence'], { where: 'published_at IS NULL' })
export class OutboxRow {
  /** The order of publishing. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'outbox_pkey' })
  sequence!: number;

  /** UUIDv7. */
  @Column({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'jsonb' })
  data!: unknown;

  @Column({ type: 'text', name: 'request_id' })
  requestId!: string;

  /** W3C `traceparent` of the span that it happened in, while there are traces. */
  @Column({ type: 'text', nullable: true })
  traceparent!: string | null;

  @Column({ type: 'timestamptz', name: 'occurred_at', default: () => 'now()' })
  occurredAt!: string;

  @Column({ type: 'timestamptz', name: 'published_at', nullable: true })
  publishedAt!: string | null;

  /** Since when it is in the feed of its project, or known to belong to none. */
  @Column({ type: 'timestamptz', name: 'fed_at', nullable: true })
  fedAt!: string | null;
}
