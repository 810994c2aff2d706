import type { MigrationInterface, QueryRunner } from 'typeorm';

// The number orders migrations. These tables are in every service's database, and come before the service's own.
export class CreateEventTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Rows come and go all day, and the partial index has to stay small for the relay's polling to cost nothing.
    await runner.query(`
      CREATE TABLE outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        type text NOT NULL,
        data jsonb NOT NULL,
        request_id text NOT NULL,
        occurred_at timestamptz NOT NULL DEFAULT now(),
        published_at timestamptz,
        CONSTRAINT outbox_pkey PRIMARY KEY (sequence),
        CONSTRAINT outbox_id_key UNIQUE (id)
      ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)`);
    await runner.query('CREATE INDEX outbox_unpublished_idx ON outbox (sequence) WHERE published_at IS NULL');
    await runner.query(`
      CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id)
      )`);
    await runner.query(`
      CREATE TABLE dead_letters (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        type text NOT NULL,
        data jsonb NOT NULL,
        request_id text NOT NULL,
        occurred_at timestamptz NOT NULL,
        deliveries integer NOT NULL,
        error text NOT NULL,
        dead_since timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id)
      )`);
    await runner.query(`
      CREATE TABLE relay_state (
        singleton boolean NOT NULL DEFAULT true,
        store_created text,
        republish_after bigint NOT NULL DEFAULT 0,
        republish_through bigint NOT NULL DEFAULT 0,
        CONSTRAINT relay_state_pkey PRIMARY KEY (singleton),
        CONSTRAINT relay_state_singleton_check CHECK (singleton)
      )`);
    await runner.query('INSERT INTO relay_state DEFAULT VALUES');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE relay_state, dead_letters, inbox, outbox');
  }
}
