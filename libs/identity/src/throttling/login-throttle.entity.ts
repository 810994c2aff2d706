import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Wrong passwords for a name of a realm, be it anybody's or nobody's; or for a user, on a device where they have logged in before. */
@Entity({ name: 'login_throttles' })
@Index('login_throttles_user_id_idx', ['realmId', 'userId'], { where: 'user_id IS NOT NULL' })
export class LoginThrottleRow {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'login_throttles_pkey' })
  realmId!: string;

  /** Keyed hash of the name, or of user and device: the table does not tell which names were tried. */
  @PrimaryColumn({ type: 'bytea', name: 'throttle_key', primaryKeyConstraintName: 'login_throttles_pkey' })
  throttleKey!: Buffer;

  /** Whose device it is; null for a name. */
  @Column({ type: 'uuid', name: 'user_id', nullable: true })
  userId!: string | null;

  /** Since the last success, or since a day without tries. */
  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /** Tries that are being evaluated. They count as failures until they turn out to be none. */
  @Column({ type: 'integer', name: 'in_flight', default: 0 })
  inFlight!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'blocked_until', default: () => 'now()' })
  blockedUntil!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'touched_at', default: () => 'now()' })
  touchedAt!: string;
}
