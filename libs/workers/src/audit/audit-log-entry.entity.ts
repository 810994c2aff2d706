import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** What somebody did, from whichever service, for as long as the deployment keeps it. */
@Entity('audit_log')
@Unique('audit_log_entry_id_key', ['entryId'])
@Index('audit_log_organisation_idx', ['organisationId', 'seq'])
@Index('audit_log_project_idx', ['projectId', 'seq'])
@Index('audit_log_actor_idx', ['actorId', 'seq'])
@Index('audit_log_target_idx', ['targetId', 'seq'])
@Index('audit_log_occurred_at_idx', ['occurredAt'])
export class AuditLogEntry {
  /** Grows in the order of commit: a reader who has seen n never misses a lower one that comes later. Has gaps. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'audit_log_pkey' })
  seq!: number;

  /** As its service gave it: what comes again is known by it. */
  @Column('uuid', { name: 'entry_id' })
  entryId!: string;

  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 })
  occurredAt!: string;

  @Column('text', { name: 'actor_type' })
  actorType!: string;

  /** Of an erased user a keyed hash, here and in `target_id`. */
  @Column('text', { name: 'actor_id' })
  actorId!: string;

  @Column('text')
  action!: string;

  @Column('text', { name: 'target_type' })
  targetType!: string;

  @Column('text', { name: 'target_id' })
  targetId!: string;

  /** Also of what happened in one of its projects. */
  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('uuid', { name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column('text', { name: 'before_fields', array: true })
  before!: string[];

  @Column('text', { name: 'after_fields', array: true })
  after!: string[];

  @Column('text', { name: 'request_id' })
  requestId!: string;

  @Column('text', { nullable: true })
  surface!: string | null;

  /** Null too once its actor is erased. */
  @Column('text', { nullable: true })
  address!: string | null;
}
