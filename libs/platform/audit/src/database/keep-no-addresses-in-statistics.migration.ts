import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The planner's statistics would keep addresses of clients after the rows, which are there for seconds. Setting the type forgets those that it has. */
export class KeepNoAddressesInStatistics1767225600056 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_entries ALTER COLUMN address SET STATISTICS 0, ALTER COLUMN address TYPE text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_entries ALTER COLUMN address SET STATISTICS -1');
  }
}
