import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is done has a time, and nothing else has: an erasure that is looked up by its key is taken for open by that. */
export class FinishDoneErasures1795316800320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE erasures SET finished_at = CASE state WHEN 'done' THEN coalesce(attempted_at, requested_at) END WHERE (state = 'done') <> (finished_at IS NOT NULL);
      ALTER TABLE erasures ADD CONSTRAINT erasures_finished_check CHECK ((state = 'done') = (finished_at IS NOT NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE erasures DROP CONSTRAINT erasures_finished_check');
  }
}
