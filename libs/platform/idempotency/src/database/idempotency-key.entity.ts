import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A key under which a change was made, with what it takes to answer the same request again. */
@Entity({ name: 'idempotency_keys' })
@Index('idempotency_keys_claimed_at_idx', ['claimedAt'])
export class IdempotencyKeyRow {
  /** The project, organisation or realm in which the caller acted. */
  @PrimaryColumn({ type: 'uuid', name: 'scope_id', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  scopeId!: string;

  /** A keyed hash of the key, its caller, the route, and the message that claimed it. */
  @PrimaryColumn({ type: 'bytea', name: 'key_hash', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  keyHash!: Buffer;

  /** A keyed hash of the request. */
  @Column({ type: 'bytea', name: 'request_hash' })
  requestHash!: Buffer;

  /** Ids of what came of it, never a value that somebody sent. */
  @Column({ type: 'jsonb', nullable: true })
  reference!: unknown;

  @Column({ type: 'timestamptz', name: 'claimed_at', default: () => 'now()' })
  claimedAt!: string;
}
