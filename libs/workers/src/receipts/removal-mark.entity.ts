import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many changes a table or partition had seen when it was written anew without its dead rows. */
@Entity('removal_marks')
export class RemovalMark {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'removal_marks_pkey' })
  service!: string;

  @PrimaryColumn('text', { name: 'table_name', primaryKeyConstraintName: 'removal_marks_pkey' })
  tableName!: string;

  @Column('text')
  mark!: string;
}
