import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Counters of tries are written twice for every login and worth nothing a day later: without a log, a try costs no flush of it.
 * A crash of Postgres empties them, which gives back ten tries a name; a crash of anything else does not touch them.
 */
export class CountTriesUnlogged1795316800085 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE login_throttles SET UNLOGGED');
    await runner.query('ALTER TABLE address_throttles SET UNLOGGED');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE address_throttles SET LOGGED');
    await runner.query('ALTER TABLE login_throttles SET LOGGED');
  }
}
