import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasures with their receipts, and the feed of all events. */
export class CreateOperations1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE erasures (
        realm_id uuid NOT NULL,
        erasure_id uuid NOT NULL,
        state text NOT NULL DEFAULT 'scheduled',
        requested_by text NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        request_id text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        attempted_at timestamptz(3),
        receipt jsonb,
        CONSTRAINT erasures_pkey PRIMARY KEY (realm_id, erasure_id),
        CONSTRAINT erasures_state_check CHECK (state IN ('scheduled', 'running', 'done', 'failed')),
        CONSTRAINT erasures_receipt_check CHECK ((state = 'done') = (receipt IS NOT NULL))
      );
      CREATE INDEX erasures_unfinished_idx ON erasures (requested_at) WHERE state <> 'done';

      CREATE TABLE erasure_users (
        realm_id uuid NOT NULL,
        erasure_id uuid NOT NULL,
        user_id uuid NOT NULL,
        CONSTRAINT erasure_users_pkey PRIMARY KEY (realm_id, erasure_id, user_id),
        CONSTRAINT erasure_users_erasure_fkey FOREIGN KEY (realm_id, erasure_id) REFERENCES erasures (realm_id, erasure_id)
      );

      CREATE TABLE erasure_counts (
        realm_id uuid NOT NULL,
        erasure_id uuid NOT NULL,
        service text NOT NULL,
        table_name text NOT NULL,
        erased bigint NOT NULL,
        CONSTRAINT erasure_counts_pkey PRIMARY KEY (realm_id, erasure_id, service, table_name),
        CONSTRAINT erasure_counts_erasure_fkey FOREIGN KEY (realm_id, erasure_id) REFERENCES erasures (realm_id, erasure_id)
      );

      CREATE TABLE feed (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        event_id uuid NOT NULL,
        type text NOT NULL,
        realm_id uuid,
        data jsonb NOT NULL,
        occurred_at timestamptz(3) NOT NULL,
        CONSTRAINT feed_pkey PRIMARY KEY (seq),
        CONSTRAINT feed_event_id_key UNIQUE (event_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE feed, erasure_counts, erasure_users, erasures');
  }
}
