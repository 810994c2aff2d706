import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Project } from '../projects/project.entity.js';

/** A role that a project defined. The built-in ones have no row: `permissionsOfProjectRole` says what they may. */
@Entity('project_roles')
@Check('project_roles_role_check', `role ~ '^[a-z][a-z0-9_-]{0,62}$' AND role NOT IN ('project_admin', 'editor', 'viewer')`)
@ForeignKey(() => Project, ['projectId'], ['projectId'], { name: 'project_roles_project_id_fkey', onDelete: 'CASCADE' })
export class ProjectRole {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'project_roles_pkey' })
  projectId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'project_roles_pkey' })
  role!: string;

  @Column('text', { array: true })
  permissions!: string[];

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, default: () => 'now()' })
  modifiedAt!: string;

  @Column('text', { name: 'modified_by' })
  modifiedBy!: string;
}
