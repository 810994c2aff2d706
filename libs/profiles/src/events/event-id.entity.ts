import { Entity, Index, PrimaryColumn } from 'typeorm';

/** An event id that a user has used: what makes the same event sent again, at any time, the same event. Partitioned by hash of realm and user. */
@Entity({ name: 'event_ids' })
// A GIN index, which TypeORM has no words for: the migration makes it.
@Index('event_ids_user_idx', { synchronize: false })
export class EventId {
  @PrimaryColumn({ type: 'uuid', name: 'realm_id', primaryKeyConstraintName: 'event_ids_pkey' })
  realmId!: string;

  @PrimaryColumn({ type: 'text', name: 'event_id', collation: 'C', primaryKeyConstraintName: 'event_ids_pkey' })
  eventId!: string;

  @PrimaryColumn({ type: 'uuid', name: 'user_id', primaryKeyConstraintName: 'event_ids_pkey' })
  userId!: string;
}
