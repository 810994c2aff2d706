import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom what happens in projects is sent to, and what became of it. */
export class CreateWebhooks1767225600071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhooks (
        project_id uuid NOT NULL,
        webhook_id uuid NOT NULL,
        url text NOT NULL,
        description text,
        types text[],
        secret bytea NOT NULL,
        previous_secret bytea,
        previous_secret_until timestamptz(3),
        position bigint NOT NULL,
        disabled_at timestamptz(3),
        disabled_reason text,
        failing_since timestamptz(3),
        failures integer NOT NULL DEFAULT 0,
        retry_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT webhooks_pkey PRIMARY KEY (project_id, webhook_id),
        CONSTRAINT webhooks_disabled_check CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
        CONSTRAINT webhooks_previous_check CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
      );

      CREATE TABLE webhook_deliveries (
        project_id uuid NOT NULL,
        webhook_id uuid NOT NULL,
        delivery_id uuid NOT NULL,
        position bigint NOT NULL,
        event_id text NOT NULL,
        type text NOT NULL,
        subject text NOT NULL,
        state text NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        tries integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz(3) NOT NULL DEFAULT now(),
        give_up_at timestamptz(3) NOT NULL,
        lease_until timestamptz(3),
        attempted_at timestamptz(3),
        status integer,
        error text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        finished_at timestamptz(3),
        CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (project_id, webhook_id, delivery_id),
        CONSTRAINT webhook_deliveries_position_key UNIQUE (project_id, webhook_id, position),
        CONSTRAINT webhook_deliveries_webhook_fkey FOREIGN KEY (project_id, webhook_id) REFERENCES webhooks (project_id, webhook_id) ON DELETE CASCADE,
        CONSTRAINT webhook_deliveries_state_check CHECK (state IN ('pending', 'delivered', 'failed') AND (state = 'pending') = (finished_at IS NULL))
      );
      CREATE INDEX webhook_deliveries_waiting_idx ON webhook_deliveries (project_id, webhook_id, subject, position) WHERE state = 'pending';
      CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (next_attempt_at) WHERE state = 'pending';
      CREATE INDEX webhook_deliveries_finished_idx ON webhook_deliveries (finished_at) WHERE finished_at IS NOT NULL;

      CREATE TABLE webhook_attempts (
        project_id uuid NOT NULL,
        webhook_id uuid NOT NULL,
        delivery_id uuid NOT NULL,
        attempt integer NOT NULL,
        at timestamptz(3) NOT NULL DEFAULT now(),
        status integer,
        error text,
        duration_ms integer NOT NULL,
        CONSTRAINT webhook_attempts_pkey PRIMARY KEY (project_id, webhook_id, delivery_id, attempt),
        CONSTRAINT webhook_attempts_delivery_fkey FOREIGN KEY (project_id, webhook_id, delivery_id) REFERENCES webhook_deliveries (project_id, webhook_id, delivery_id) ON DELETE CASCADE
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_attempts, webhook_deliveries, webhooks');
  }
}
