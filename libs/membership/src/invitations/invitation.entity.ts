import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Organisation } from '../organisations/organisation.entity.js';
import { Project } from '../projects/project.entity.js';
import { Member } from '../roles/member.entity.js';
import { Team } from '../teams/team.entity.js';

/** Somebody is asked to take a role at one place. With the place it goes. */
@Entity('invitations')
@Unique('invitations_invitation_id_key', ['invitationId'])
@Unique('invitations_mail_id_key', ['mailId'])
@Unique('invitations_token_hash_key', ['tokenHash'])
@Check('invitations_level_check', `level IN ('deployment', 'organisation', 'team', 'project')`)
@Check('invitations_status_check', `status IN ('pending', 'accepted', 'expired', 'cancelled')`)
@Check('invitations_closed_check', `(status = 'pending') = (closed_at IS NULL)`)
@Index('invitations_pending_key', ['placeId', 'userId'], { unique: true, where: `status = 'pending'` })
@Index('invitations_organisation_idx', ['organisationId', 'invitationId'])
@Index('invitations_organisation_status_idx', ['organisationId', 'status', 'invitationId'])
@Index('invitations_place_status_idx', ['placeId', 'status', 'invitationId'])
@Index('invitations_status_idx', ['status', 'invitationId'])
@Index('invitations_user_id_idx', ['userId'])
@Index('invitations_expiring_idx', ['expiresAt'], { where: `status = 'pending'` })
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'invitations_user_id_fkey' })
@ForeignKey(() => Organisation, ['organisationId'], ['organisationId'], { name: 'invitations_organisation_id_fkey', onDelete: 'CASCADE' })
@ForeignKey(() => Team, ['organisationId', 'teamId'], ['organisationId', 'teamId'], { name: 'invitations_team_fkey', onDelete: 'CASCADE' })
@ForeignKey(() => Project, ['projectId'], ['projectId'], { name: 'invitations_project_id_fkey', onDelete: 'CASCADE' })
export class InvitationRow {
  /** Of the organisation, the team or the project that the role is in; for the deployment the realm of staff. */
  @PrimaryColumn('uuid', { name: 'place_id', primaryKeyConstraintName: 'invitations_pkey' })
  placeId!: string;

  @PrimaryColumn('uuid', { name: 'invitation_id', primaryKeyConstraintName: 'invitations_pkey' })
  invitationId!: string;

  @Column('text')
  level!: string;

  /** Also of a team's and of a project's. */
  @Column('uuid', { name: 'organisation_id', nullable: true })
  organisationId!: string | null;

  @Column('uuid', { name: 'team_id', nullable: true })
  teamId!: string | null;

  @Column('uuid', { name: 'project_id', nullable: true })
  projectId!: string | null;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** Where the mail goes, as it was typed. */
  @Column('text')
  email!: string;

  @Column('text')
  role!: string;

  @Column('text', { default: 'pending' })
  status!: string;

  /** Of the last mail; the token follows from it. */
  @Column('uuid', { name: 'mail_id' })
  mailId!: string;

  /** SHA-256. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  @Column('text', { name: 'invited_by_type' })
  invitedByType!: string;

  @Column('text', { name: 'invited_by' })
  invitedBy!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3 })
  expiresAt!: string;

  @Column({ type: 'timestamptz', name: 'closed_at', precision: 3, nullable: true })
  closedAt!: string | null;
}
