import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which trace something happened, for those who are told of it. Null while there are no traces, and of what an older process has put there. */
export class CarryTracesIntoFeeds1767225600210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE project_feed ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE project_feed DROP COLUMN traceparent');
  }
}
