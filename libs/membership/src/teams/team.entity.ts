import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Organisation } from '../organisations/organisation.entity.js';

@Entity('teams')
@Unique('teams_team_id_key', ['teamId'])
@Unique('teams_organisation_id_name_key', ['organisationId', 'name'])
@ForeignKey(() => Organisation, ['organisationId'], ['organisationId'], { name: 'teams_organisation_id_fkey' })
export class Team {
  @PrimaryColumn('uuid', { name: 'organisation_id', primaryKeyConstraintName: 'teams_pkey' })
  organisationId!: string;

  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'teams_pkey' })
  teamId!: string;

  @Column('text')
  name!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, default: () => 'now()' })
  modifiedAt!: string;

  @Column('text', { name: 'modified_by' })
  modifiedBy!: string;
}
