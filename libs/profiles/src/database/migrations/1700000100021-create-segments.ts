import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSegments1700000100021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE segments (
        realm_id uuid NOT NULL,
        segment_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        name text NOT NULL,
        rule jsonb NOT NULL,
        depends_on_time boolean NOT NULL,
        state text NOT NULL DEFAULT 'computing',
        run_seq bigint DEFAULT 0,
        run_until bigint,
        evaluated integer NOT NULL DEFAULT 0,
        total integer NOT NULL DEFAULT 0,
        evaluated_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT segments_pkey PRIMARY KEY (realm_id, segment_id),
        CONSTRAINT segments_state_check CHECK (state IN ('computing', 'ready'))
      )`);
    await runner.query('CREATE INDEX segments_seq_idx ON segments (realm_id, seq)');
    await runner.query('CREATE INDEX segments_run_idx ON segments (seq) WHERE run_seq IS NOT NULL');
    await runner.query(`
      CREATE TABLE segment_members (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        segment_id uuid NOT NULL,
        user_seq bigint NOT NULL,
        member boolean NOT NULL,
        suppressed boolean NOT NULL DEFAULT false,
        CONSTRAINT segment_members_pkey PRIMARY KEY (realm_id, user_id, segment_id),
        CONSTRAINT segment_members_user_fkey FOREIGN KEY (realm_id, user_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE,
        CONSTRAINT segment_members_segment_fkey FOREIGN KEY (realm_id, segment_id) REFERENCES segments (realm_id, segment_id) ON DELETE CASCADE
      )`);
    // Pages of a segment's members, in the order in which the users came; and what goes with the segment.
    await runner.query('CREATE INDEX segment_members_segment_idx ON segment_members (realm_id, segment_id, user_seq)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE segment_members, segments');
  }
}
