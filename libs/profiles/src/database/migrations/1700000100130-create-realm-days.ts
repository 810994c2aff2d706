import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRealmDays1700000100130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The rows of today are written every few seconds: room for that in their pages.
    await runner.query(`
      CREATE TABLE realm_days (
        realm_id uuid NOT NULL,
        day date NOT NULL,
        total bigint,
        active bigint NOT NULL DEFAULT 0,
        events bigint NOT NULL DEFAULT 0,
        CONSTRAINT realm_days_pkey PRIMARY KEY (realm_id, day)
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE realm_days');
  }
}
