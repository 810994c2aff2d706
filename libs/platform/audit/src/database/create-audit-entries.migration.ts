import type { MigrationInterface, QueryRunner } from 'typeorm';

// The number orders migrations. The table is in every service's database, and comes before the service's own.
export class CreateAuditEntries1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Rows are taken away within seconds, and the table has to stay small for asking for them to cost nothing.
    await runner.query(`
      CREATE TABLE audit_entries (
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        entry_id uuid NOT NULL,
        occurred_at timestamptz(3) NOT NULL DEFAULT now(),
        actor_type text NOT NULL,
        actor_id text NOT NULL,
        action text NOT NULL,
        target_type text NOT NULL,
        target_id text NOT NULL,
        organisation_id uuid,
        project_id uuid,
        before_fields text[] NOT NULL,
        after_fields text[] NOT NULL,
        request_id text NOT NULL,
        surface text,
        address text,
        CONSTRAINT audit_entries_pkey PRIMARY KEY (sequence),
        CONSTRAINT audit_entries_entry_id_key UNIQUE (entry_id)
      ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entries');
  }
}
