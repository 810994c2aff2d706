import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** One domain event in the order of the deployment. */
@Entity('feed')
@Unique('feed_event_id_key', ['eventId'])
export class FeedEntry {
  /** Grows in the order of commit, so that a reader who has seen n never misses a lower one that comes later. Has gaps. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS', primaryKeyConstraintName: 'feed_pkey' })
  seq!: number;

  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  type!: string;

  /** Null for what belongs to no realm: organisations, roles, credentials. */
  @Column('uuid', { name: 'realm_id', nullable: true })
  realmId!: string | null;

  /** Ids, versions and names of facts, as every event's. */
  @Column('jsonb')
  data!: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 })
  occurredAt!: string;
}
