import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Erasure } from './erasure.entity.js';

/** How many rows an erasure has erased so far, added up over its attempts. */
@Entity('erasure_counts')
@ForeignKey(() => Erasure, ['realmId', 'erasureId'], ['realmId', 'erasureId'], { name: 'erasure_counts_erasure_fkey' })
export class ErasureCount {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'erasure_counts_pkey' })
  realmId!: string;

  @PrimaryColumn('uuid', { name: 'erasure_id', primaryKeyConstraintName: 'erasure_counts_pkey' })
  erasureId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'erasure_counts_pkey' })
  service!: string;

  @PrimaryColumn('text', { name: 'table_name', primaryKeyConstraintName: 'erasure_counts_pkey' })
  tableName!: string;

  @Column('bigint')
  erased!: number;
}
