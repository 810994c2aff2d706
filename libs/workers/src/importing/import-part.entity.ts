import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A part of a file that is not written yet, sealed. It goes as soon as what is in it has been written. */
@Entity('import_parts')
export class ImportPart {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'import_parts_pkey' })
  projectId!: string;

  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'import_parts_pkey' })
  importId!: string;

  /** At which byte of the file it begins. */
  @PrimaryColumn('bigint', { name: 'first_byte', primaryKeyConstraintName: 'import_parts_pkey' })
  firstByte!: number;

  @Column('integer')
  size!: number;

  @Column('bytea')
  sealed!: Buffer;

  @Column({ type: 'timestamptz', name: 'received_at', precision: 3, default: () => 'now()' })
  receivedAt!: string;
}
