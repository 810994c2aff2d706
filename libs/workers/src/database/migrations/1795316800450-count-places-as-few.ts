import type { MigrationInterface, QueryRunner } from 'typeorm';
import { countAsFew, countAsMany } from '#libs/platform/database';

/** Whose the many rows of each are. */
const places = {
  mails: ['realm_id'],
  webhook_deliveries: ['project_id', 'webhook_id'],
  webhook_attempts: ['project_id', 'webhook_id'],
  project_feed: ['project_id'],
  import_keys: ['project_id', 'import_id'],
  import_parts: ['project_id', 'import_id'],
  import_errors: ['project_id', 'import_id'],
  audit_log: ['organisation_id', 'project_id'],
  erasure_users: ['realm_id'],
  erasure_counts: ['realm_id'],
  receipts: ['realm_id'],
} as const;

export class CountPlacesAsFew1795316800450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await countAsFew(runner, places);
  }

  async down(runner: QueryRunner): Promise<void> {
    await countAsMany(runner, places);
  }
}
