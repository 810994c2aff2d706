import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often somebody logged in to a realm on a day of UTC, and how often it was refused. */
@Entity({ name: 'login_days' })
export class LoginDayRow {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'login_days_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'date', primaryKeyConstraintName: 'login_days_pkey' })
  day!: string;

  @Column({ type: 'bigint', default: 0 })
  entered!: number;

  @Column({ type: 'bigint', default: 0 })
  refused!: number;
}
