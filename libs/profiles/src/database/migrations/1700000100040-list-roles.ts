import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds those who hold a role. Most users hold none, and stand in no index for it. */
export class ListRoles1700000100040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`CREATE INDEX directory_roles_idx ON directory USING gin (realm_id, roles) WHERE NOT hidden AND roles <> '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX directory_roles_idx');
  }
}
