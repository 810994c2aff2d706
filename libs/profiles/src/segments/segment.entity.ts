import { Check, Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

/** Users of a project who fit a rule. */
@Entity({ name: 'segments' })
@Check('segments_state_check', `state IN ('computing', 'ready', 'removing')`)
@Index('segments_seq_idx', ['realmId', 'seq'])
@Index('segments_run_idx', ['seq'], { where: 'run_seq IS NOT NULL' })
@Index('segments_due_idx', ['evaluatedAt'], { where: 'depends_on_time AND run_seq IS NULL' })
export class Segment {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'segments_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'segment_id', primaryKeyConstraintName: 'segments_pkey' })
  segmentId!: string;

  /** The order of creation, which pages go by. */
  // TypeORM knows identity columns beside the primary key; only this decorator's type does not.
  @Generated('identity' as 'increment')
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: number;

  @Column({ type: 'text' })
  name!: string;

  /** As the caller wrote it. */
  @Column({ type: 'jsonb' })
  rule!: unknown;

  /** Members come and go by the passing of time alone. */
  @Column({ type: 'boolean', name: 'depends_on_time' })
  dependsOnTime!: boolean;

  /** `computing` until every user was looked at since the rule last changed; `removing`: nobody sees it any more, and its members are being removed. */
  @Column({ type: 'text', default: 'computing' })
  state!: 'computing' | 'ready' | 'removing';

  /** How far the look at all users has come, by their order of insertion. Null: there is none under way. */
  @Column({ type: 'bigint', name: 'run_seq', nullable: true, default: 0 })
  runSeq!: number | null;

  /** Where that look ends: who came later is looked at when they come. Null: it has not begun. */
  @Column({ type: 'bigint', name: 'run_until', nullable: true })
  runUntil!: number | null;

  /** Users that the last look has been at. */
  @Column({ type: 'integer', default: 0 })
  evaluated!: number;

  /** Users there were when it began. */
  @Column({ type: 'integer', default: 0 })
  total!: number;

  /** When a step of that look was last made: who waited longest is next. */
  @Column({ type: 'timestamptz', precision: 3, name: 'stepped_at', default: () => 'now()' })
  steppedAt!: string;

  /** When the last look ended. */
  @Column({ type: 'timestamptz', precision: 3, name: 'evaluated_at', nullable: true })
  evaluatedAt!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** Id of the user or credential that did it. */
  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at', default: () => 'now()' })
  modifiedAt!: string;

  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;
}
