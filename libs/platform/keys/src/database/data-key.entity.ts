import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that keys of this service come from. */
@Entity({ name: 'data_keys' })
export class DataKey {
  /** `root` is the first; `root-…`, with the time in milliseconds, one that a rotation made. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'data_keys_pkey' })
  name!: string;

  /** Under the master key. Null: of a database that was there before data keys; the secret is the master key of that time. */
  @Column({ type: 'bytea', nullable: true })
  sealed!: Buffer | null;

  @Column({ type: 'timestamptz', name: 'sealed_at', default: () => 'now()' })
  sealedAt!: string;
}
