import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Wrong passwords from a network address, in all realms together: hence no realm in the key. */
@Entity({ name: 'address_throttles' })
export class AddressThrottleRow {
  /** Keyed hash of the address. */
  @PrimaryColumn({ type: 'bytea', name: 'throttle_key', primaryKeyConstraintName: 'address_throttles_pkey' })
  throttleKey!: Buffer;

  /** In the present hour. */
  @Column({ type: 'integer' })
  failures!: number;

  /** The hour begins with the first failure. */
  @Column({ type: 'timestamptz', precision: 3, name: 'ends_at' })
  endsAt!: string;
}
