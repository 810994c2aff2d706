import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The planner's statistics hold copies of values, and an erased person's network address must not stay there. Setting the type anew, which rewrites nothing, removes those that there are. */
export class ForgetStatistics1767225600061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_log ALTER COLUMN address SET STATISTICS 0, ALTER COLUMN address TYPE text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_log ALTER COLUMN address SET STATISTICS -1');
  }
}
