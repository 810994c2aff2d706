import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists of 100,000 people and invitations need to be read from an index alone: a search for one or two letters, a status, a project's own staff. */
export class IndexLargeLists1767225600070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    // Trigrams know nothing of shorter searches.
    await runner.query(`
      CREATE FUNCTION short_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT substr(value, n, size) COLLATE "C") FROM generate_series(1, length(value)) n CROSS JOIN generate_series(1, 2) size
      $$;
      CREATE INDEX listings_short_search_idx ON listings USING gin (scope_id, short_grams(names)) WITH (gin_pending_list_limit = 1024);
      ALTER INDEX listings_short_search_idx ALTER COLUMN 2 SET STATISTICS 0;

      CREATE INDEX project_members_staff_user_idx ON project_members (project_id, user_id) WHERE NOT at_home;
      DROP INDEX project_members_staff_idx;

      CREATE INDEX invitations_organisation_status_idx ON invitations (organisation_id, status, invitation_id);
      CREATE INDEX invitations_place_status_idx ON invitations (place_id, status, invitation_id);
      CREATE INDEX invitations_status_idx ON invitations (status, invitation_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX invitations_status_idx, invitations_place_status_idx, invitations_organisation_status_idx;
      CREATE INDEX project_members_staff_idx ON project_members (project_id) WHERE NOT at_home;
      DROP INDEX project_members_staff_user_idx, listings_short_search_idx;
      DROP FUNCTION short_grams(text);`);
  }
}
