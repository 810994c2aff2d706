import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far an erasure has come in each service, when it was done, and which organisations may look at it. */
export class CreateErasureParts1767225600060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE erasure_parts (
        realm_id uuid NOT NULL,
        erasure_id uuid NOT NULL,
        service text NOT NULL,
        state text NOT NULL DEFAULT 'scheduled',
        attempts integer NOT NULL DEFAULT 0,
        finished_at timestamptz(3),
        CONSTRAINT erasure_parts_pkey PRIMARY KEY (realm_id, erasure_id, service),
        CONSTRAINT erasure_parts_erasure_fkey FOREIGN KEY (realm_id, erasure_id) REFERENCES erasures (realm_id, erasure_id),
        CONSTRAINT erasure_parts_state_check CHECK (state IN ('scheduled', 'running', 'done') AND (state = 'done') = (finished_at IS NOT NULL))
      );

      CREATE TABLE erasure_organisations (
        realm_id uuid NOT NULL,
        erasure_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        CONSTRAINT erasure_organisations_pkey PRIMARY KEY (realm_id, erasure_id, organisation_id),
        CONSTRAINT erasure_organisations_erasure_fkey FOREIGN KEY (realm_id, erasure_id) REFERENCES erasures (realm_id, erasure_id)
      );
      CREATE INDEX erasure_organisations_organisation_idx ON erasure_organisations (organisation_id, erasure_id);

      ALTER TABLE erasures ADD COLUMN finished_at timestamptz(3);
      CREATE INDEX erasures_erasure_id_idx ON erasures (erasure_id);

      -- Of erasures that are there already: what is done was done in every service.
      UPDATE erasures e SET finished_at = coalesce((SELECT r.issued_at FROM receipts r WHERE r.sequence = e.receipt_sequence), e.attempted_at, e.requested_at) WHERE state = 'done';
      INSERT INTO erasure_parts (realm_id, erasure_id, service, state, attempts, finished_at)
      SELECT realm_id, erasure_id, service, CASE state WHEN 'done' THEN 'done' ELSE 'scheduled' END, attempts, finished_at
      FROM erasures CROSS JOIN unnest(ARRAY['profiles', 'identity', 'membership', 'operations']) AS service;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX erasures_erasure_id_idx;
      ALTER TABLE erasures DROP COLUMN finished_at;
      DROP TABLE erasure_organisations, erasure_parts`);
  }
}
