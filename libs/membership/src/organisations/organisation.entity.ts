import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity('organisations')
@Unique('organisations_slug_key', ['slug'])
@Check('organisations_slug_check', `slug ~ '^[a-z][a-z0-9-]{1,62}$' AND slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`)
export class Organisation {
  @PrimaryColumn('uuid', { name: 'organisation_id', primaryKeyConstraintName: 'organisations_pkey' })
  organisationId!: string;

  /** Unique in the deployment. */
  @Column('text')
  slug!: string;

  @Column('text')
  name!: string;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: string;

  /** Actor ids, here and wherever a column is called `…_by`. */
  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'modified_at', precision: 3, default: () => 'now()' })
  modifiedAt!: string;

  @Column('text', { name: 'modified_by' })
  modifiedBy!: string;
}
