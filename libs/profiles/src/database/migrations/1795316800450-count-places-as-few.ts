import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each of these has many rows of. */
const places = {
  users: ['realm_id'],
  directory: ['realm_id'],
  attribute_entries: ['realm_id'],
  user_aliases: ['realm_id'],
  tombstones: ['realm_id'],
  account_members: ['realm_id', 'account_id'],
  list_subscriptions: ['realm_id', 'list_id'],
  segment_members: ['realm_id', 'segment_id'],
  lists: ['realm_id'],
  segments: ['realm_id'],
} as const;

/**
 * Postgres takes a realm, segment, list or account for one of ten, however many there were when it counted. Where each had had one row so far (one user a project, or one row in all), it
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
