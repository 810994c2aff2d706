import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Passwords that an administrator set, and that have to be changed at the next login. */
export class AddMustChangePassword1795316800046 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE logins ADD COLUMN must_change_password boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE logins DROP COLUMN must_change_password');
  }
}
