import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is sent next to a webhook, and how much is under way, is found without what was sent before or waits behind it: each batch of ten went through all deliveries
 * that there were, which a receiver that comes back after a day has hundreds of thousands of.
 */
export class FindPendingDeliveries1795316800300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX webhook_deliveries_pending_idx ON webhook_deliveries (project_id, webhook_id, position) WHERE state = 'pending';
      CREATE INDEX webhook_deliveries_under_way_idx ON webhook_deliveries (project_id, webhook_id, lease_until) WHERE state = 'pending' AND lease_until IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX webhook_deliveries_under_way_idx; DROP INDEX webhook_deliveries_pending_idx');
  }
}
