import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../teams/team.entity.js';
import { Member } from './member.entity.js';

@Entity('team_members')
@Check('team_members_role_check', `role IN ('team_admin', 'team_member')`)
@Index('team_members_user_id_idx', ['userId'])
@ForeignKey(() => Team, ['organisationId', 'teamId'], ['organisationId', 'teamId'], { name: 'team_members_team_fkey' })
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'team_members_user_id_fkey' })
export class TeamMember {
  @PrimaryColumn('uuid', { name: 'organisation_id', primaryKeyConstraintName: 'team_members_pkey' })
  organisationId!: string;

  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'team_members_pkey' })
  teamId!: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'team_members_pkey' })
  userId!: string;

  @Column('text')
  role!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;
}
