import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Erasure } from './erasure.entity.js';

/** What of an erasure is one service's, and how far it has come there. */
@Entity('erasure_parts')
@Check('erasure_parts_state_check', `state IN ('scheduled', 'running', 'done') AND (state = 'done') = (finished_at IS NOT NULL)`)
@ForeignKey(() => Erasure, ['realmId', 'erasureId'], ['realmId', 'erasureId'], { name: 'erasure_parts_erasure_fkey' })
export class ErasurePart {
  @PrimaryColumn('uuid', { name: 'realm_id', primaryKeyConstraintName: 'erasure_parts_pkey' })
  realmId!: string;

  @PrimaryColumn('uuid', { name: 'erasure_id', primaryKeyConstraintName: 'erasure_parts_pkey' })
  erasureId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'erasure_parts_pkey' })
  service!: string;

  @Column('text', { default: 'scheduled' })
  state!: string;

  /** How often it was begun. */
  @Column('integer', { default: 0 })
  attempts!: number;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: string | null;
}
