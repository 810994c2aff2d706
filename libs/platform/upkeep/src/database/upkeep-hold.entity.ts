import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who does a piece of upkeep now, and until when that holds unless it is said again. */
@Entity({ name: 'upkeep_holds' })
export class UpkeepHold {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'upkeep_holds_pkey' })
  task!: string;

  /** Of one step, not of a process. */
  @Column({ type: 'uuid' })
  holder!: string;

  @Column({ type: 'timestamptz', name: 'held_until' })
  heldUntil!: string;
}
