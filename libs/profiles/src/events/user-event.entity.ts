import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something a user did. Partitioned by month of `occurred_at`. */
@Entity({ name: 'user_events' })
export class UserEvent {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'user_events_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'user_events_pkey' })
  userId!: string;

  @PrimaryColumn({ type: 'timestamptz', precision: 3, name: 'occurred_at', primaryKeyConstraintName: 'user_events_pkey' })
  occurredAt!: string;

  /** The order of arrival, which tells events of one moment apart. */
  @PrimaryColumn({ type: 'bigint', default: () => "nextval('user_events_order')", primaryKeyConstraintName: 'user_events_pkey' })
  seq!: number;

  @Column({ type: 'text', name: 'event_id', collation: 'C' })
  eventId!: string;

  /** Its name: `Purchase`. */
  @Column({ type: 'text', collation: 'C' })
  event!: string;

  /** A string, number or boolean. */
  @Column({ type: 'jsonb', nullable: true })
  value!: string | number | boolean | null;

  @Column({ type: 'jsonb', default: () => "'{}'" })
  properties!: Record<string, string | number | boolean>;

  @Column({ type: 'timestamptz', precision: 3, name: 'received_at', default: () => 'now()' })
  receivedAt!: string;
}
