import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** What somebody did, until the collection of the deployment has it: then the row goes. */
@Entity('audit_entries')
@Unique('audit_entries_entry_id_key', ['entryId'])
export class AuditEntry {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'audit_entries_pkey' })
  sequence!: number;

  /** UUIDv7: by it the collection knows what it has. */
  @Column('uuid', { name: 'entry_id' })
  entryId!: string;

  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3, default: () => 'now()' })
  occurredAt!: string;

  @Column('text', { name: 'actor_type' })
  actorType!: string;

  @Column('text', { name: 'actor_id' })
  actorId!: string;

  /** `thing.happened`. */
  @Column('text')
  action!: string;

  @Column('text', { name: 'target_type' })
  targetType!: string;

  @Column('text', { name: 'target_id' })
  targetId!: string;

  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('uuid', { name: 'project_id', nullable: true })
  projectId!: string | null;

  /** Names of the changed fields that had a value before. */
  @Column('text', { name: 'before_fields', array: true })
  before!: string[];

  /** Names of the changed fields that have a value since. */
  @Column('text', { name: 'after_fields', array: true })
  after!: string[];

  @Column('text', { name: 'request_id' })
  requestId!: string;

  /** Null for what no request asked for. */
  @Column('text', { nullable: true })
  surface!: string | null;

  /** The client's, as the gateway saw it. */
  @Column('text', { nullable: true })
  address!: string | null;
}
