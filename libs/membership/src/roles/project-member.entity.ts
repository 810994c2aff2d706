import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProjectRole } from '../project-roles/project-role.entity.js';
import { Project } from '../projects/project.entity.js';
import { Member } from './member.entity.js';

/** The role is part of the key: a user's roles in a project add up. */
@Entity('project_members')
@Check('project_members_role_check', `(role IN ('project_admin', 'editor', 'viewer')) = (custom_role IS NULL) AND coalesce(custom_role, role) = role`)
@Index('project_members_user_id_idx', ['userId'])
@Index('project_members_custom_role_idx', ['projectId', 'customRole'], { where: 'custom_role IS NOT NULL' })
@Index('project_members_staff_user_idx', ['projectId', 'userId', 'role'], { where: 'NOT at_home' })
@ForeignKey(() => ProjectRole, ['projectId', 'customRole'], ['projectId', 'role'], { name: 'project_members_custom_role_fkey' })
@ForeignKey(() => Project, ['projectId'], ['projectId'], { name: 'project_members_project_id_fkey' })
@ForeignKey(() => Member, ['userId'], ['userId'], { name: 'project_members_user_id_fkey' })
export class ProjectMember {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'project_members_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'project_members_pkey' })
  userId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'project_members_pkey' })
  role!: string;

  /** The role again where the project defined it; null for a built-in one, which no row of `project_roles` stands for. */
  @Column('text', { name: 'custom_role', nullable: true })
  customRole!: string | null;

  /** The project is the user's home; false: staff. */
  @Column('boolean', { name: 'at_home', default: false })
  atHome!: boolean;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;
}
