import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a realm was like on a day of UTC, in numbers. Added to as it happens, so that nobody has to read what it counts. */
@Entity({ name: 'realm_days' })
export class RealmDay {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'realm_days_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'realm_days_pkey' })
  day!: string;

  /** Users at the last look of the day; null: nobody looked. */
  @Column({ type: 'bigint', nullable: true })
  total!: number | null;

  /** Users who did something. */
  @Column({ type: 'bigint', default: 0 })
  active!: number;

  @Column({ type: 'bigint', default: 0 })
  events!: number;
}
