import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLoginDays1795316800130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The rows of today are written every few seconds: room for that in their pages.
    await runner.query(`
      CREATE TABLE login_days (
        realm_id uuid NOT NULL,
        day date NOT NULL,
        entered bigint NOT NULL DEFAULT 0,
        refused bigint NOT NULL DEFAULT 0,
        CONSTRAINT login_days_pkey PRIMARY KEY (realm_id, day)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE login_days');
  }
}
