import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event that a consumer gave up, with all it takes to try again. */
@Entity({ name: 'dead_letters' })
export class DeadLetter {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'dead_letters_pkey' })
  consumer!: string;

  @PrimaryColumn({ type: 'uuid', name: 'event_id', primaryKeyConstraintName: 'dead_letters_pkey' })
  eventId!: string;

  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'jsonb' })
  data!: unknown;

  @Column({ type: 'text', name: 'request_id' })
  requestId!: string;

  @Column({ type: 'timestamptz', name: 'occurred_at' })
  occurredAt!: string;

  @Column({ type: 'integer' })
  deliveries!: number;

  /** What the last delivery failed with: a code or a kind of error, never a value. */
  @Column({ type: 'text' })
  error!: string;

  @Column({ type: 'timestamptz', name: 'dead_since', default: () => 'now()' })
  deadSince!: string;
}
