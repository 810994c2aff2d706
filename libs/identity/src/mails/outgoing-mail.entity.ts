import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A mail about a login: what the workers ask for when they send it, and what the token in it is checked against. Also for an
 * address that nobody has there is a row, without user and address, so that asking costs the same.
 */
@Entity('outgoing_mails')
@Index('outgoing_mails_mail_id_idx', ['mailId'])
@Index('outgoing_mails_user_idx', ['realmId', 'userId', 'template', 'seq'], { where: 'user_id IS NOT NULL' })
@Index('outgoing_mails_expires_at_idx', ['expiresAt'])
export class OutgoingMail {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'outgoing_mails_pkey' })
  realmId!: string;

  @PrimaryColumn('uuid', { name: 'mail_id', primaryKeyConstraintName: 'outgoing_mails_pkey' })
  mailId!: string;

  /** Tells the newer of two. */
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS', generated: 'identity' })
  seq!: number;

  @Column('text')
  template!: string;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  /** Where it goes. */
  @Column('text', { nullable: true })
  email!: string | null;

  /** The address that it tells of, or asks to confirm. */
  @Column('text', { name: 'new_email', nullable: true })
  newEmail!: string | null;

  /** What else it says; nothing personal. */
  @Column('jsonb', { default: {} })
  facts!: Record<string, string | boolean>;

  /** SHA-256 of its token. */
  @Column('bytea', { name: 'token_hash', nullable: true })
  tokenHash!: Buffer | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  /** When its token ends, or it is of no use any more. */
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: string;

  /** Its token was used, or ended by a change of the password. */
  @Column({ type: 'timestamptz', name: 'used_at', precision: 3, nullable: true })
  usedAt!: string | null;
}
