import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the broker acknowledged last: a relay that begins when both a broker and the relay before it have crashed sees by it what the broker lost. */
export class RememberAcknowledgement1700000000161 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay_state ADD COLUMN acknowledged_sequence bigint, ADD COLUMN acknowledged_id text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay_state DROP COLUMN acknowledged_sequence, DROP COLUMN acknowledged_id');
  }
}
