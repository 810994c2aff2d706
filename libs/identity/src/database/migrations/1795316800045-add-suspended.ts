import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Logins of staff who are deleted and may be restored. */
export class AddSuspended1795316800045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE logins ADD COLUMN suspended boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE logins DROP COLUMN suspended');
  }
}
