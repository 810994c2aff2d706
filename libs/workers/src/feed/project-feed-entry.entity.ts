import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Something that happened in a project, at its place in the order of the project. */
@Entity('project_feed')
@Unique('project_feed_event_key', ['projectId', 'eventId', 'part'])
export class ProjectFeedEntry {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'project_feed_pkey' })
  projectId!: string;

  /** From 1, without a gap: each is one more than the one before it. The oldest ones are removed when they are too old. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'project_feed_pkey' })
  position!: number;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  /** Of an event about several users: which of them. From 0. */
  @Column('integer')
  part!: number;

  @Column('text')
  type!: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('text')
  subject!: string;

  /** Ids, versions and names of facts, as every event's. */
  @Column('jsonb')
  data!: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 })
  occurredAt!: string;

  /** W3C `traceparent` of the span that it happened in, where there were traces. */
  @Column('text', { nullable: true })
  traceparent!: string | null;

  /** When it came into the feed. */
  @Column({ type: 'timestamptz', name: 'fed_at', precision: 3 })
  fedAt!: string;
}
