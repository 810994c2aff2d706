import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A mail that its owner asked for. Holds no address and no word of it: the owner is asked for these when it is sent.
 * The states are those of the contract, and `sending`: an attempt has begun and has not been settled.
 */
@Entity('mails')
@Check('mails_owner_check', `owner IN ('identity', 'membership')`)
@Check('mails_state_check', `state IN ('queued', 'sending', 'sent', 'failed', 'dropped')`)
@Check('mails_finished_check', `(state IN ('queued', 'sending')) = (finished_at IS NULL)`)
@Index('mails_unfinished_idx', ['requestedAt'], { where: 'finished_at IS NULL' })
@Index('mails_user_idx', ['realmId', 'userId'], { where: 'user_id IS NOT NULL' })
@Index('mails_finished_idx', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
export class MailEntry {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'mails_pkey' })
  realmId!: string;

  /** Of the owner's row. */
  @PrimaryColumn('uuid', { name: 'mail_id', primaryKeyConstraintName: 'mails_pkey' })
  mailId!: string;

  /** The service that is asked what it says. */
  @Column('text')
  owner!: string;

  /** Whom it is about. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('text')
  template!: string;

  @Column('text', { default: 'queued' })
  state!: string;

  @Column({ type: 'timestamptz', name: 'requested_at', precision: 3 })
  requestedAt!: string;

  /** Of the HTTP request, for the log lines of the job. */
  @Column('text', { name: 'request_id' })
  requestId!: string;

  /** How often it was handed to the mail server, or that was tried. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** Attempts of which nobody knows whether the mail server took it: the worker died, or the connection broke, in between. */
  @Column('integer', { default: 0 })
  lost!: number;

  @Column({ type: 'timestamptz', name: 'attempted_at', precision: 3, nullable: true })
  attemptedAt!: string | null;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: string | null;

  /** Of the last attempt: a code of SMTP or of the network. Never words of the server's, which quote addresses. */
  @Column('text', { nullable: true })
  failure!: string | null;
}
