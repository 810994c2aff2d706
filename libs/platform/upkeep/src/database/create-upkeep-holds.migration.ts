import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUpkeepHolds1767225600055 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE upkeep_holds (
        task text NOT NULL,
        holder uuid NOT NULL,
        held_until timestamptz NOT NULL,
        CONSTRAINT upkeep_holds_pkey PRIMARY KEY (task)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE upkeep_holds');
  }
}
