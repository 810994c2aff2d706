import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened in each project, in one order without gaps. */
export class CreateProjectFeed1767225600070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE project_feed (
        project_id uuid NOT NULL,
        position bigint NOT NULL,
        event_id uuid NOT NULL,
        part integer NOT NULL,
        type text NOT NULL,
        user_id uuid,
        subject text NOT NULL,
        data jsonb NOT NULL,
        occurred_at timestamptz(3) NOT NULL,
        fed_at timestamptz(3) NOT NULL,
        CONSTRAINT project_feed_pkey PRIMARY KEY (project_id, position),
        CONSTRAINT project_feed_event_key UNIQUE (project_id, event_id, part)
      );

      -- Written with every batch of events: with room left in their pages, no index is touched.
      CREATE TABLE project_feed_ends (
        project_id uuid NOT NULL,
        last bigint NOT NULL DEFAULT 0,
        CONSTRAINT project_feed_ends_pkey PRIMARY KEY (project_id)
      ) WITH (fillfactor = 50);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE project_feed_ends, project_feed');
  }
}
