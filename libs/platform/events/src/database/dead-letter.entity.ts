import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An event that a consumer gave up, with all it takes to try again. */
@Entity({ name: 'dead_letters' })
@Index('dead_letters_event_id_idx', ['eventId', 'consumer'])
@Index('dead_letters_replay_idx', ['eventId', 'consumer'], { where: 'replay_requested_at IS NOT NULL' })
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

  /** Replays that failed included. */
  @Column({ type: 'integer' })
  deliveries!: number;

  /** What the last delivery failed with: a code or a kind of error, never a value. */
  @Column({ type: 'text' })
  error!: string;

  @Column({ type: 'timestamptz', name: 'dead_since', default: () => 'now()' })
  deadSince!: string;

  /** Somebody wants it to be tried again. */
  @Column({ type: 'timestamptz', name: 'replay_requested_at', nullable: true })
  replayRequestedAt!: string | null;
}
