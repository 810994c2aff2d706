import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';

/** Something that users of a project subscribe to. */
@Entity({ name: 'lists' })
@Index('lists_seq_idx', ['realmId', 'seq'])
export class List {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'lists_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'list_id', primaryKeyConstraintName: 'lists_pkey' })
  listId!: string;

  /** The order of creation, which pages go by. */
  // TypeORM knows identity columns beside the primary key; only this decorator's type does not.
  @Generated('identity' as 'increment')
  @Column({ type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: number;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'now()' })
  createdAt!: string;

  /** Id of the user or credential that did it. */
  @Column({ type: 'text', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', precision: 3, name: 'modified_at', default: () => 'now()' })
  modifiedAt!: string;

  @Column({ type: 'text', name: 'modified_by' })
  modifiedBy!: string;
}
