import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event that a consumer is done with: committed in the transaction of its effect, so that the effect happens once. */
@Entity({ name: 'inbox' })
export class InboxRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'inbox_pkey' })
  consumer!: string;

  @PrimaryColumn({ type: 'uuid', name: 'event_id', primaryKeyConstraintName: 'inbox_pkey' })
  eventId!: string;

  @Column({ type: 'timestamptz', name: 'handled_at', default: () => 'now()' })
  handledAt!: string;
}
