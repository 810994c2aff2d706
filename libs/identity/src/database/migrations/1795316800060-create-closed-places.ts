import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations and projects that were deleted: what is left of them is cleared by these rows, whichever process dies meanwhile. */
export class CreateClosedPlaces1795316800060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE closed_places (
        place_id uuid NOT NULL,
        level text NOT NULL,
        organisation_id uuid NOT NULL,
        closed_at timestamptz(3) NOT NULL DEFAULT now(),
        cleared_at timestamptz(3),
        CONSTRAINT closed_places_pkey PRIMARY KEY (place_id),
        CONSTRAINT closed_places_level_check CHECK (level IN ('organisation', 'project'))
      )`);
    await runner.query('CREATE INDEX closed_places_uncleared_idx ON closed_places (closed_at) WHERE cleared_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE closed_places');
  }
}
