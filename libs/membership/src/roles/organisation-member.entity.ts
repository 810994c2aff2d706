import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organisation } from '../organisations/organisation.entity.js';
import { Member } from './member.entity.js';

@Entity('organisation_members')
@Check('organisation_members_role_check', `role IN ('org_admin', 'member')`)
@Check('organisation_members_status_check', `status IN ('invited', 'active', 'inactive')`)
@Index('organisation_members_user_id_idx', ['userId'])
@Index('organisation_members_role_idx', ['organisationId', 'role'])
@ForeignKey(() => Organisation, ['organisationId'], ['organisationId'], { name: 'organisation_members_organisation_id_fkey' })
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'organisation_members_user_id_fkey' })
export class OrganisationMember {
  @PrimaryColumn('uuid', { name: 'organisation_id', primaryKeyConstraintName: 'organisation_members_pkey' })
  organisationId!: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'organisation_members_pkey' })
  userId!: string;

  @Column('text')
  role!: string;

  /** The membership's own status: who is not `active` here has nothing in this organisation's teams and projects either. */
  @Column('text', { default: 'active' })
  status!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, default: () => 'now()' })
  modifiedAt!: string;

  @Column('text', { name: 'modified_by' })
  modifiedBy!: string;
}
