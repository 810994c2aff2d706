import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which events of the outbox are in the feed of their project. Those that are there already go into it too. */
export class MarkFedEvents1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox ADD COLUMN fed_at timestamptz');
    await runner.query('CREATE INDEX outbox_unfed_idx ON outbox (sequence) WHERE fed_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outbox_unfed_idx');
    await runner.query('ALTER TABLE outbox DROP COLUMN fed_at');
  }
}
