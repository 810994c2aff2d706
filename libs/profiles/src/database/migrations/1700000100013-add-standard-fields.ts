import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns = ['city', 'country', 'region', 'timezone'];

export class AddStandardFields1700000100013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ${columns.map((column) => `ADD COLUMN ${column} text`).join(', ')}`);
    // The planner's statistics hold copies of values, and an erased user's must not stay there.
    await runner.query(`ALTER TABLE users ${columns.map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ${columns.map((column) => `DROP COLUMN ${column}`).join(', ')}`);
  }
}
