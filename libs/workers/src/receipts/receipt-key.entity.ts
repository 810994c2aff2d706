import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A public key that receipts were signed with. They stay for ever, since receipts do. */
@Entity('receipt_keys')
export class ReceiptKey {
  /** UUIDv7, so that keys sort by age. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'receipt_keys_pkey' })
  kid!: string;

  /** `x` of the JWK (RFC 8037). */
  @Column('text', { name: 'public_key' })
  publicKey!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;
}
