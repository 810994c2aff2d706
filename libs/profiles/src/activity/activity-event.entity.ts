import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event of whose name the first and the last time is kept with each user, in `users.activity`. */
@Entity({ name: 'activity_events' })
@Index('activity_events_run_idx', ['realmId'], { where: 'run_seq IS NOT NULL' })
export class ActivityEvent {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'activity_events_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'text', collation: 'C', primaryKeyConstraintName: 'activity_events_pkey' })
  event!: string;

  /** Its place among the project's, as they were given. */
  @Column({ type: 'integer' })
  place!: number;

  /** False: it is no longer marked, and its fields are being taken from the users. */
  @Column({ type: 'boolean' })
  marked!: boolean;

  /** How far the look at all users has come that finds what they did before, by their order of insertion. Null: there is none under way. */
  @Column({ type: 'bigint', name: 'run_seq', nullable: true, default: 0 })
  runSeq!: number | null;

  /** Where that look ends: what users do from the mark on is counted as they do it. Null: it has not begun. */
  @Column({ type: 'bigint', name: 'run_until', nullable: true })
  runUntil!: number | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at', default: () => 'now()' })
  modifiedAt!: string;

  /** Id of the user or credential that did it. */
  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;
}
