import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the schedules are doing, and what their last runs did: the queue's store may lose everything. */
export class CreateJobs1767225600050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Rows are written all day, and few: with room left in their pages, no index is touched.
    await runner.query(`
      CREATE TABLE job_schedules (
        name text NOT NULL,
        run_id uuid,
        trigger text,
        started_at timestamptz,
        lease_until timestamptz,
        requested_run_id uuid,
        requested_at timestamptz,
        paused_at timestamptz,
        retry_at timestamptz,
        failures integer NOT NULL DEFAULT 0,
        last_run jsonb,
        CONSTRAINT job_schedules_pkey PRIMARY KEY (name)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE job_runs (
        name text NOT NULL,
        run_id uuid NOT NULL,
        run jsonb NOT NULL,
        CONSTRAINT job_runs_pkey PRIMARY KEY (name, run_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job_runs, job_schedules');
  }
}
