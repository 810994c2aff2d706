import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * Everybody membership has heard of, one row a user, which stays as a tombstone. Whoever changes a user's roles, hides or
 * erases them locks this row first, so that a role granted late can't outlive the erasure.
 */
@Entity('members')
@Check('members_erased_check', 'erased_at IS NULL OR hidden_at IS NOT NULL')
@Check('members_deleted_check', '(deleted_at IS NULL) = (deleted_by IS NULL)')
@Index('members_deleted_at_idx', ['deletedAt'], { where: 'deleted_at IS NOT NULL AND hidden_at IS NULL' })
@Index('members_expiring_idx', ['hiddenAt'], { where: 'deleted_at IS NOT NULL AND hidden_at IS NOT NULL AND erased_at IS NULL' })
export class Member {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'members_pkey' })
  userId!: string;

  /** Grows with every change of the user's roles; `rolesChanged` carries it. */
  @Column('bigint', { name: 'access_version', default: 0 })
  accessVersion!: number;

  /** They were given roles in the project that is their home: a user of it, and never staff. */
  @Column('boolean', { name: 'at_home', default: false })
  atHome!: boolean;

  /** From then on the user has no role anywhere and appears nowhere. */
  @Column({ type: 'timestamptz', name: 'hidden_at', precision: 3, nullable: true })
  hiddenAt!: string | null;

  /** Until they are restored or erased, the user is as good as gone; their roles wait for them. */
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true })
  deletedAt!: string | null;

  /** Actor id. */
  @Column('text', { name: 'deleted_by', nullable: true })
  deletedBy!: string | null;

  /** Of somebody who was deleted with their last membership: where that was. */
  @Column('uuid', { name: 'left_organisation_id', nullable: true })
  leftOrganisationId!: string | null;

  /** Of the organisations that invited them lately: how many mails they were sent by it, and until when these count. */
  @Column('jsonb', { name: 'invitation_mails', default: {} })
  invitationMails!: Record<string, { sent: number; until: string }>;

  @Column({ type: 'timestamptz', name: 'erased_at', precision: 3, nullable: true })
  erasedAt!: string | null;
}
