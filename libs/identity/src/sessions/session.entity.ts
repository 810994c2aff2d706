import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A user's being logged in on one device: one login and all its refresh tokens (a family). Only hashes of tokens are here.
 * An ended session stays for a while, so that a token of it that turns up late is known.
 */
@Entity({ name: 'sessions' })
@Index('sessions_session_id_idx', ['sessionId'])
@Index('sessions_idle_expires_at_idx', ['idleExpiresAt'])
@Index('sessions_sealed_idx', ['rotatedAt'], { where: 'sealed_child IS NOT NULL' })
export class Session {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'sessions_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'sessions_pkey' })
  userId!: string;

  /** UUIDv7; `sid` of its access tokens. */
  @PrimaryColumn({ type: 'uuid', name: 'session_id', primaryKeyConstraintName: 'sessions_pkey' })
  sessionId!: string;

  /** SHA-256 of the part that all refresh tokens of the session share: who has that was given one of them once. */
  @Column({ type: 'bytea', name: 'family_hash' })
  familyHash!: Buffer;

  /** SHA-256 of the refresh token that is valid now. */
  @Column({ type: 'bytea', name: 'refresh_hash' })
  refreshHash!: Buffer;

  /** SHA-256 of the one that it was given for. */
  @Column({ type: 'bytea', name: 'parent_hash', nullable: true })
  parentHash!: Buffer | null;

  /** The valid one, encrypted under a key that only the holder of its parent can make. Removed after a few seconds. */
  @Column({ type: 'bytea', name: 'sealed_child', nullable: true })
  sealedChild!: Buffer | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'rotated_at', nullable: true })
  rotatedAt!: string | null;

  @Column({ type: 'text', nullable: true })
  address!: string | null;

  @Column({ type: 'text', name: 'user_agent', nullable: true })
  userAgent!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'last_used_at', default: () => 'now()' })
  lastUsedAt!: string;

  /** When it ends without being used; never after `expiresAt`. Of an ended session: when it ended. */
  @Column({ type: 'timestamptz', precision: 3, name: 'idle_expires_at' })
  idleExpiresAt!: string;

  /** When it ends in any case. */
  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'ended_at', nullable: true })
  endedAt!: string | null;

  /** `logged-out`, `password-changed`, `token-reused`, `hidden`, `revoked`, `deactivated`. */
  @Column({ type: 'text', name: 'end_reason', nullable: true })
  endReason!: string | null;
}
