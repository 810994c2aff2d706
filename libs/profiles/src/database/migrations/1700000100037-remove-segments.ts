import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RemoveSegments1700000100037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE segments DROP CONSTRAINT segments_state_check');
    await runner.query(`ALTER TABLE segments ADD CONSTRAINT segments_state_check CHECK (state IN ('computing', 'ready', 'removing'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM segments WHERE state = 'removing'`);
    await runner.query('ALTER TABLE segments DROP CONSTRAINT segments_state_check');
    await runner.query(`ALTER TABLE segments ADD CONSTRAINT segments_state_check CHECK (state IN ('computing', 'ready'))`);
  }
}
