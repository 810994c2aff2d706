import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The collection of what administrators did, and a way from a user to their erasure. */
export class CreateAuditLog1767225600015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_log (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        entry_id uuid NOT NULL,
        occurred_at timestamptz(3) NOT NULL,
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
        CONSTRAINT audit_log_pkey PRIMARY KEY (seq),
        CONSTRAINT audit_log_entry_id_key UNIQUE (entry_id)
      );
      CREATE INDEX audit_log_organisation_idx ON audit_log (organisation_id, seq);
      CREATE INDEX audit_log_project_idx ON audit_log (project_id, seq);
      CREATE INDEX audit_log_actor_idx ON audit_log (actor_id, seq);
      CREATE INDEX audit_log_target_idx ON audit_log (target_id, seq);
      CREATE INDEX audit_log_occurred_at_idx ON audit_log (occurred_at);

      CREATE INDEX erasure_users_user_id_idx ON erasure_users (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX erasure_users_user_id_idx');
    await runner.query('DROP TABLE audit_log');
  }
}
