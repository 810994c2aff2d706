import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each of these has many rows of. */
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

/**
 * Postgres takes a project, realm or organisation for one of ten, however many there were when it counted. Where each had had one row so far (one user a project, or one row in all), it
 * expected one row of any of them, also of one that had a million by then; and as soon went through all of that by whichever index begins with it as looked one row of it
 * up by its key. It holds from the next time on that Postgres counts, which is when a table has grown by a tenth.
 */
export class CountPlacesAsFew1795316800450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(places)) await runner.query(`ALTER TABLE ${table} ${columns.map((column) => `ALTER COLUMN ${column} SET (n_distinct = 10)`).join(', ')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(places)) await runner.query(`ALTER TABLE ${table} ${columns.map((column) => `ALTER COLUMN ${column} RESET (n_distinct)`).join(', ')}`);
  }
}
