import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A login that was begun and not completed yet: for ten minutes, and of no user in particular. */
@Entity({ name: 'sso_attempts' })
@Index('sso_attempts_expires_at_idx', ['expiresAt'])
export class SsoAttemptRow {
  @PrimaryColumn({ type: 'uuid', name: 'organisation_id', primaryKeyConstraintName: 'sso_attempts_pkey' })
  organisationId!: string;

  /** SHA-256 of the `state` that the provider sends back. */
  @PrimaryColumn({ type: 'bytea', name: 'state_hash', primaryKeyConstraintName: 'sso_attempts_pkey' })
  stateHash!: Buffer;

  /** SHA-256 of what the browser keeps. */
  @Column({ type: 'bytea', name: 'browser_hash' })
  browserHash!: Buffer;

  /** PKCE verifier and nonce, sealed: who reads the database can't complete the login. */
  @Column({ type: 'bytea' })
  secrets!: Buffer;

  @Column({ type: 'text', name: 'callback_url' })
  callbackUrl!: string;

  @Column({ type: 'text', name: 'return_to', nullable: true })
  returnTo!: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'expires_at' })
  expiresAt!: string;
}
