import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Erasure } from './erasure.entity.js';

/** Whose staff an erasure erases: the administrators of these organisations may look at it. */
@Entity('erasure_organisations')
@Index('erasure_organisations_organisation_idx', ['organisationId', 'erasureId'])
@ForeignKey(() => Erasure, ['realmId', 'erasureId'], ['realmId', 'erasureId'], { name: 'erasure_organisations_erasure_fkey' })
export class ErasureOrganisation {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'erasure_organisations_pkey' })
  realmId!: string;

  @PrimaryColumn('uuid', { name: 'erasure_id', primaryKeyConstraintName: 'erasure_organisations_pkey' })
  erasureId!: string;

  @PrimaryColumn('uuid', { name: 'organisation_id', primaryKeyConstraintName: 'erasure_organisations_pkey' })
  organisationId!: string;
}
