import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dead letters in the order in which they are shown, and those that wait to be replayed. */
export class ExtendDeadLetters1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dead_letters ADD COLUMN replay_requested_at timestamptz');
    await runner.query('CREATE INDEX dead_letters_event_id_idx ON dead_letters (event_id, consumer)');
    await runner.query('CREATE INDEX dead_letters_replay_idx ON dead_letters (event_id, consumer) WHERE replay_requested_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX dead_letters_replay_idx, dead_letters_event_id_idx');
    await runner.query('ALTER TABLE dead_letters DROP COLUMN replay_requested_at');
  }
}
