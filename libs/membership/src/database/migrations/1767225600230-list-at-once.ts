import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a role's row puts its user: the lists of which scope. */
const scopes = { organisation_members: 'organisation_id', team_members: 'team_id', project_members: 'project_id' };

/**
 * A role that is given brings one place in one list, and a name that changes changes the user's places: neither needs to find out anew where a user belongs. Roles that
 * are given together are listed by one statement. What takes a role away, hides or deletes somebody still has all of theirs looked at.
 */
export class ListAtOnce1767225600230 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, scope] of Object.entries(scopes)) {
      // Each of the rows looks up its person by the key, whatever the planner thinks of their number.
      await runner.query(`
        CREATE FUNCTION list_new_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO listings (scope_id, user_id, name_key, email_key, names)
          SELECT i.${scope}, i.user_id, coalesce(d.name_key, ''), coalesce(d.email_key, ''), coalesce(d.names, '')
          FROM inserted i
          CROSS JOIN LATERAL (SELECT FROM members m WHERE m.user_id = i.user_id AND m.hidden_at IS NULL AND m.deleted_at IS NULL OFFSET 0) AS here
          LEFT JOIN LATERAL (SELECT n.name_key, n.email_key, n.names FROM directory n WHERE n.user_id = i.user_id OFFSET 0) AS d ON true
          ${table === 'project_members' ? 'WHERE NOT i.at_home' : ''}
          ON CONFLICT (scope_id, user_id) DO NOTHING;
          RETURN NULL;
        END $$`);
      await runner.query(`CREATE TRIGGER ${table}_listed_new AFTER INSERT ON ${table} REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION list_new_${table}()`);
    }
    for (const table of ['organisation_members', 'team_members']) await runner.query(`CREATE OR REPLACE TRIGGER ${table}_listed AFTER DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION list_changed_user()`);
    // Of the two that this table had it was the one for rows that come.
    await runner.query('DROP TRIGGER project_members_listed ON project_members');
    await runner.query(`
      CREATE FUNCTION list_names() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE listings l SET name_key = NEW.name_key, email_key = NEW.email_key, names = NEW.names
        WHERE l.user_id = NEW.user_id AND (l.name_key, l.email_key, l.names) IS DISTINCT FROM (NEW.name_key, NEW.email_key, NEW.names);
        RETURN NULL;
      END $$`);
    await runner.query('CREATE OR REPLACE TRIGGER directory_listed AFTER DELETE ON directory FOR EACH ROW EXECUTE FUNCTION list_changed_user()');
    await runner.query('CREATE TRIGGER directory_listed_names AFTER INSERT OR UPDATE ON directory FOR EACH ROW EXECUTE FUNCTION list_names()');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER directory_listed_names ON directory');
    await runner.query('CREATE OR REPLACE TRIGGER directory_listed AFTER INSERT OR UPDATE OR DELETE ON directory FOR EACH ROW EXECUTE FUNCTION list_changed_user()');
    for (const table of ['organisation_members', 'team_members']) await runner.query(`CREATE OR REPLACE TRIGGER ${table}_listed AFTER INSERT OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION list_changed_user()`);
    await runner.query('CREATE TRIGGER project_members_listed AFTER INSERT ON project_members FOR EACH ROW WHEN (NOT NEW.at_home) EXECUTE FUNCTION list_changed_user()');
    for (const table of Object.keys(scopes)) {
      await runner.query(`DROP TRIGGER ${table}_listed_new ON ${table}`);
      await runner.query(`DROP FUNCTION list_new_${table}()`);
    }
    await runner.query('DROP FUNCTION list_names()');
  }
}
