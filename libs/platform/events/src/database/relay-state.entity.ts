import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row in which relays remember the broker's store, and how far they are in filling a new one. */
@Entity({ name: 'relay_state' })
@Check('relay_state_singleton_check', 'singleton')
export class RelayState {
  @PrimaryColumn({ type: 'boolean', default: true, primaryKeyConstraintName: 'relay_state_pkey' })
  singleton!: boolean;

  /** When the broker made the store that our published events went to, in its own words; null: no store yet. */
  @Column({ type: 'text', name: 'store_created', nullable: true })
  storeCreated!: string | null;

  /** Published rows after this sequence, up to and including the next, have yet to go to the new store. */
  @Column({ type: 'bigint', name: 'republish_after', default: 0 })
  republishAfter!: number;

  @Column({ type: 'bigint', name: 'republish_through', default: 0 })
  republishThrough!: number;

  /** Where in that store the newest of our events is that it acknowledged; null: nothing since it was made. */
  @Column({ type: 'bigint', name: 'acknowledged_sequence', nullable: true })
  acknowledgedSequence!: number | null;

  /** Under which id it is there. */
  @Column({ type: 'text', name: 'acknowledged_id', nullable: true })
  acknowledgedId!: string | null;
}
