import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The planner's statistics would keep addresses of erased users. Setting the type forgets those that it has. */
export class KeepNoAddressesInStatistics1767225600057 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_log ALTER COLUMN address SET STATISTICS 0, ALTER COLUMN address TYPE text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_log ALTER COLUMN address SET STATISTICS -1');
  }
}
