import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which user or event a row of an import is about, as a keyed hash: so that a second one about the same is seen. While the import runs. */
@Entity('import_keys')
export class ImportKey {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'import_keys_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'import_keys_pkey' })
  importId!: string;

  @PrimaryColumn('bytea', { name: 'key_hash', primaryKeyConstraintName: 'import_keys_pkey' })
  keyHash!: Buffer;

  @Column('bigint')
  line!: number;
}
