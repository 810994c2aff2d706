import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIdempotencyKeys, dropIdempotencyKeys } from '#libs/platform/idempotency';

/** Files of users and events that are brought in. */
export class CreateImports1767225600085 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyKeys(runner);
    await runner.query(`
      CREATE TABLE imports (
        project_id uuid NOT NULL,
        import_id uuid NOT NULL,
        kind text NOT NULL,
        format text NOT NULL,
        dry_run boolean NOT NULL,
        state text NOT NULL DEFAULT 'uploading',
        error text,
        header jsonb,
        bytes bigint NOT NULL DEFAULT 0,
        position bigint NOT NULL DEFAULT 0,
        line bigint NOT NULL DEFAULT 1,
        row_count bigint NOT NULL DEFAULT 0,
        created bigint NOT NULL DEFAULT 0,
        updated bigint NOT NULL DEFAULT 0,
        skipped bigint NOT NULL DEFAULT 0,
        failed bigint NOT NULL DEFAULT 0,
        errors_left_out bigint NOT NULL DEFAULT 0,
        lease_id uuid,
        lease_until timestamptz(3),
        requested_by text NOT NULL,
        requested_by_type text NOT NULL,
        request_id text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        received_at timestamptz(3) NOT NULL DEFAULT now(),
        submitted_at timestamptz(3),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        CONSTRAINT imports_pkey PRIMARY KEY (project_id, import_id),
        CONSTRAINT imports_state_check CHECK (state IN ('uploading', 'waiting', 'running', 'done', 'failed', 'cancelled') AND (state IN ('uploading', 'waiting', 'running')) = (finished_at IS NULL))
      );
      CREATE INDEX imports_unfinished_idx ON imports (project_id) WHERE finished_at IS NULL;
      CREATE INDEX imports_finished_idx ON imports (finished_at) WHERE finished_at IS NOT NULL;

      CREATE TABLE import_parts (
        project_id uuid NOT NULL,
        import_id uuid NOT NULL,
        first_byte bigint NOT NULL,
        size integer NOT NULL,
        sealed bytea NOT NULL,
        received_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT import_parts_pkey PRIMARY KEY (project_id, import_id, first_byte)
      );
      -- What is sealed can't be made smaller.
      ALTER TABLE import_parts ALTER COLUMN sealed SET STORAGE EXTERNAL;

      CREATE TABLE import_keys (
        project_id uuid NOT NULL,
        import_id uuid NOT NULL,
        key_hash bytea NOT NULL,
        line bigint NOT NULL,
        CONSTRAINT import_keys_pkey PRIMARY KEY (project_id, import_id, key_hash)
      );

      CREATE TABLE import_errors (
        project_id uuid NOT NULL,
        import_id uuid NOT NULL,
        line bigint NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT import_errors_pkey PRIMARY KEY (project_id, import_id, line)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE import_errors, import_keys, import_parts, imports');
    await dropIdempotencyKeys(runner);
  }
}
