import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Project } from '../projects/project.entity.js';
import { Member } from './member.entity.js';

/** The role is part of the key: a user's roles in a project add up. */
@Entity('project_members')
@Check('project_members_role_check', `role IN ('project_admin', 'editor', 'viewer')`)
@Index('project_members_user_id_idx', ['userId'])
@ForeignKey(() => Project, ['projectId'], ['projectId'], { name: 'project_members_project_id_fkey' })
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'project_members_user_id_fkey' })
export class ProjectMember {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'project_members_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'project_members_pkey' })
  userId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'project_members_pkey' })
  role!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;
}
