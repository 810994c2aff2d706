import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Organisation } from '../organisations/organisation.entity.js';
import { Team } from '../teams/team.entity.js';

/** A project, which is also a realm: the row is its entry in the realm registry. */
@Entity('projects')
@Unique('projects_slug_key', ['slug'])
@Check('projects_slug_check', `slug ~ '^[a-z][a-z0-9-]{1,62}$' AND slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`)
@Check('projects_metadata_check', `jsonb_typeof(metadata) = 'object'`)
@Check('projects_settings_check', `jsonb_typeof(settings) = 'object'`)
@Index('projects_organisation_id_team_id_idx', ['organisationId', 'teamId'])
@Index('projects_organisation_id_project_id_key', ['organisationId', 'projectId'], { unique: true })
@ForeignKey(() => Organisation, ['organisationId'], ['organisationId'], { name: 'projects_organisation_id_fkey' })
// Both columns, so that a project can't belong to the team of another organisation.
@ForeignKey(() => Team, ['organisationId', 'teamId'], ['organisationId', 'teamId'], { name: 'projects_team_fkey' })
export class Project {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'projects_pkey' })
  projectId!: string;

  @Column('uuid', { name: 'organisation_id' })
  organisationId!: string;

  @Column('uuid', { name: 'team_id', nullable: true })
  teamId!: string | null;

  /** Unique in the deployment. */
  @Column('text')
  slug!: string;

  @Column('text')
  name!: string;

  /** The administrators' own free object. */
  @Column('jsonb', { default: {} })
  metadata!: Record<string, unknown>;

  /** `projectSettings` of the contracts. */
  @Column('jsonb', { default: {} })
  settings!: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, default: () => 'now()' })
  modifiedAt!: string;

  @Column('text', { name: 'modified_by' })
  modifiedBy!: string;
}
