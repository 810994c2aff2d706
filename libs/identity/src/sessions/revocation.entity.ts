import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A session that could be used and can't any more. Written by triggers of `sessions` and `logins`; kept for an hour. */
@Entity({ name: 'revocations' })
@Index('revocations_transaction_id_idx', ['transactionId'])
export class RevocationRow {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'revocations_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'session_id', primaryKeyConstraintName: 'revocations_pkey' })
  sessionId!: string;

  /** Of the transaction that did it. Numbers in the order of commits can't be had; this one says what a snapshot did not show. */
  @Column({ type: 'bigint', name: 'transaction_id' })
  transactionId!: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'revoked_at' })
  revokedAt!: string;
}
