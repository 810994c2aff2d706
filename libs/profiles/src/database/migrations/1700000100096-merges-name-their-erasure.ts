import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Null: merged before this was kept. */
export class MergesNameTheirErasure1700000100096 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE user_aliases ADD COLUMN erasure_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE user_aliases DROP COLUMN erasure_id');
  }
}
