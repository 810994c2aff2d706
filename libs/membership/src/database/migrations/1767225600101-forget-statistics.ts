import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The planner's statistics hold copies of values, and an erased person's address must not stay there. Setting the type anew, which rewrites nothing, removes those that there are. */
export class ForgetStatistics1767225600101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invitations ALTER COLUMN email SET STATISTICS 0, ALTER COLUMN email TYPE text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invitations ALTER COLUMN email SET STATISTICS -1');
  }
}
