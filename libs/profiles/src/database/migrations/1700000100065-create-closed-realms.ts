import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects that were deleted: what is left of them is cleared by these rows, whichever process dies meanwhile. */
export class CreateClosedRealms1700000100065 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE closed_realms (
        realm_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        closed_at timestamptz(3) NOT NULL DEFAULT now(),
        cleared_at timestamptz(3),
        CONSTRAINT closed_realms_pkey PRIMARY KEY (realm_id)
      )`);
    await runner.query('CREATE INDEX closed_realms_uncleared_idx ON closed_realms (closed_at) WHERE cleared_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE closed_realms');
  }
}
