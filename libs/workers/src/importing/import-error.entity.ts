import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was wrong with rows of an import, those of a batch together, sealed: names of fields are the sender's. */
@Entity('import_errors')
export class ImportErrors {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'import_errors_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'import_errors_pkey' })
  importId!: string;

  /** Of the first of them. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'import_errors_pkey' })
  line!: number;

  @Column('bytea')
  sealed!: Buffer;
}
