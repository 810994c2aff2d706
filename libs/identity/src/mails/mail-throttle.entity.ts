import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How many links an address was mailed in the running hour; also one that nobody has. */
@Entity('mail_throttles')
@Index('mail_throttles_ends_at_idx', ['endsAt'])
export class MailThrottleRow {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'mail_throttles_pkey' })
  realmId!: string;

  /** Keyed hash of the kind of mail and the address. */
  @PrimaryColumn('bytea', { name: 'throttle_key', primaryKeyConstraintName: 'mail_throttles_pkey' })
  throttleKey!: Buffer;

  @Column('integer')
  sent!: number;

  @Column({ type: 'timestamptz', name: 'ends_at', precision: 3 })
  endsAt!: string;
}
