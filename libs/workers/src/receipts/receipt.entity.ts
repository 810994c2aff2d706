import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A signed receipt in the deployment's one chain. Rows are never changed, but for `removal_sequence`, nor removed. */
@Entity('receipts')
@Unique('receipts_hash_key', ['hash'])
@Unique('receipts_previous_key', ['previous'])
@Unique('receipts_erasure_id_key', ['erasureId'])
@Check('receipts_first_check', '(sequence = 1) = (previous IS NULL)')
@Check('receipts_kind_check', `kind IN ('erasure', 'removal') AND (kind = 'erasure') = (erasure_id IS NOT NULL AND realm_id IS NOT NULL AND bytes_until IS NOT NULL)`)
@Index('receipts_realm_idx', ['realmId', 'sequence'])
@Index('receipts_unconfirmed_idx', ['sequence'], { where: `kind = 'erasure' AND removal_sequence IS NULL` })
@ForeignKey(() => ReceiptRow, ['previous'], ['hash'], { name: 'receipts_previous_fkey' })
@ForeignKey(() => ReceiptRow, ['removalSequence'], ['sequence'], { name: 'receipts_removal_fkey' })
export class ReceiptRow {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'receipts_pkey' })
  sequence!: number;

  @Column('text')
  kind!: 'erasure' | 'removal';

  @Column('uuid', { name: 'realm_id', nullable: true })
  realmId!: string | null;

  @Column('uuid', { name: 'erasure_id', nullable: true })
  erasureId!: string | null;

  @Column('text')
  hash!: string;

  @Column('text', { nullable: true })
  previous!: string | null;

  /** Canonical JSON, as it is handed out: kept as text, since not a byte of it may change. */
  @Column('text')
  document!: string;

  @Column({ type: 'timestamptz', name: 'issued_at', precision: 3 })
  issuedAt!: string;

  /** Of an erasure: when its bytes are to be gone from the disk. */
  @Column({ type: 'timestamptz', name: 'bytes_until', precision: 3, nullable: true })
  bytesUntil!: string | null;

  /** Of an erasure: the receipt that confirms that its bytes are gone. */
  @Column('bigint', { name: 'removal_sequence', nullable: true })
  removalSequence!: number | null;
}
