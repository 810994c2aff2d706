import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureEventPartitions } from '../../events/ensure-event-partitions.js';

export class CreateUserEvents1700000100002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A sequence of its own: before Postgres 17 a partition can't share its parent's identity column.
    await runner.query('CREATE SEQUENCE user_events_order AS bigint');
    await runner.query(`
      CREATE TABLE user_events (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        occurred_at timestamptz(3) NOT NULL,
        seq bigint NOT NULL DEFAULT nextval('user_events_order'),
        event_id text COLLATE "C" NOT NULL,
        event text COLLATE "C" NOT NULL,
        value jsonb,
        properties jsonb NOT NULL DEFAULT '{}',
        received_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT user_events_pkey PRIMARY KEY (realm_id, user_id, occurred_at, seq)
      ) PARTITION BY RANGE (occurred_at)`);
    await runner.query('ALTER SEQUENCE user_events_order OWNED BY user_events.seq');

    // What happened before this installation began, and, if ever partitions were not made in time, what has no other place.
    const [installed] = (await runner.query(`SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM"-01T00:00:00+00"') AS month`)) as { month: string }[];
    await runner.query(`CREATE TABLE user_events_past PARTITION OF user_events FOR VALUES FROM (MINVALUE) TO ('${installed!.month}')`);
    await runner.query('CREATE TABLE user_events_default PARTITION OF user_events DEFAULT');
    await runner.query('ALTER TABLE user_events ALTER COLUMN event_id SET STATISTICS 0, ALTER COLUMN value SET STATISTICS 0, ALTER COLUMN properties SET STATISTICS 0');
    await ensureEventPartitions((text) => runner.query(text) as Promise<never[]>);

    await runner.query(`
      CREATE TABLE event_ids (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        event_id text COLLATE "C" NOT NULL,
        CONSTRAINT event_ids_pkey PRIMARY KEY (realm_id, user_id, event_id)
      ) PARTITION BY HASH (realm_id, user_id)`);
    for (let remainder = 0; remainder < 8; remainder += 1) {
      await runner.query(`CREATE TABLE event_ids_${remainder} PARTITION OF event_ids FOR VALUES WITH (MODULUS 8, REMAINDER ${remainder})`);
    }
    await runner.query('ALTER TABLE event_ids ALTER COLUMN event_id SET STATISTICS 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_ids, user_events');
  }
}
