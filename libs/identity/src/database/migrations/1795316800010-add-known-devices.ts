import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counters of known devices: whose they are must be known, since their keys can't be made anew from the user's names. */
export class AddKnownDevices1795316800010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE login_throttles ADD COLUMN user_id uuid');
    await runner.query('CREATE INDEX login_throttles_user_id_idx ON login_throttles (realm_id, user_id) WHERE user_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX login_throttles_user_id_idx');
    // Nobody could tell any more whose they are.
    await runner.query('DELETE FROM login_throttles WHERE user_id IS NOT NULL');
    await runner.query('ALTER TABLE login_throttles DROP COLUMN user_id');
  }
}
