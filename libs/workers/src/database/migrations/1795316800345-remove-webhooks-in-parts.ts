import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A webhook that was removed is nobody's from then on; what it delivered goes bit by bit. */
export class RemoveWebhooksInParts1795316800345 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE webhooks ADD COLUMN removed_at timestamptz(3)');
    await runner.query('CREATE INDEX webhooks_removed_idx ON webhooks (removed_at) WHERE removed_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM webhooks WHERE removed_at IS NOT NULL');
    await runner.query('DROP INDEX webhooks_removed_idx');
    await runner.query('ALTER TABLE webhooks DROP COLUMN removed_at');
  }
}
