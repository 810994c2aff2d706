import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A pending login that is a registration keeps the roles that are still to be given, so that it can be finished by others. */
export class AddPendingRoles1795316800015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE logins ADD COLUMN pending_roles text[]');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE logins DROP COLUMN pending_roles');
  }
}
