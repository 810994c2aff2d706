import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateActivityEvents1700000100030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN activity jsonb NOT NULL DEFAULT '{}'`);
    // The planner's statistics hold copies of values, and an erased user's must not stay there.
    await runner.query('ALTER TABLE users ALTER COLUMN activity SET STATISTICS 0');
    await runner.query(`
      CREATE TABLE activity_events (
        realm_id uuid NOT NULL,
        event text COLLATE "C" NOT NULL,
        place integer NOT NULL,
        marked boolean NOT NULL,
        run_seq bigint DEFAULT 0,
        run_until bigint,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT activity_events_pkey PRIMARY KEY (realm_id, event)
      )`);
    await runner.query('CREATE INDEX activity_events_run_idx ON activity_events (realm_id) WHERE run_seq IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity_events');
    await runner.query('ALTER TABLE users DROP COLUMN activity');
  }
}
