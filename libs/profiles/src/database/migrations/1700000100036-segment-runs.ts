import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SegmentRuns1700000100036 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('ALTER TABLE segments ADD COLUMN stepped_at timestamptz(3) NOT NULL DEFAULT now()');
    await runner.query('CREATE INDEX segments_due_idx ON segments (evaluated_at) WHERE depends_on_time AND run_seq IS NULL');
    // With what is counted in it, counting members need not look into the table.
    await runner.query('DROP INDEX segment_members_segment_idx');
    await runner.query('CREATE INDEX segment_members_segment_idx ON segment_members (realm_id, segment_id, user_seq, member)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX segment_members_segment_idx');
    await runner.query('CREATE INDEX segment_members_segment_idx ON segment_members (realm_id, segment_id, user_seq)');
    await runner.query('DROP INDEX segments_due_idx');
    await runner.query('ALTER TABLE segments DROP COLUMN stepped_at');
  }
}
