import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each of these has many rows of. */
const places = {
  organisation_members: ['organisation_id'],
  team_members: ['organisation_id', 'team_id'],
  project_members: ['project_id'],
  invitations: ['place_id', 'organisation_id'],
  projects: ['organisation_id'],
  teams: ['organisation_id'],
} as const;

/**
 * Postgres takes an organisation, team or project for one of ten, however many there were when it counted. Where each had had one row so far (one user a project, or one row in all), it
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
