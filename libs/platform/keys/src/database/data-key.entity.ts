import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The secret that all keys of this service come from. There is one row. */
@Entity({ name: 'data_keys' })
export class DataKey {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'data_keys_pkey' })
  name!: 'root';

  /** Under the master key. Null: of a database that was there before data keys; the secret is the master key of that time. */
  @Column({ type: 'bytea', nullable: true })
  sealed!: Buffer | null;

  @Column({ type: 'timestamptz', name: 'sealed_at', default: () => 'now()' })
  sealedAt!: string;
}
