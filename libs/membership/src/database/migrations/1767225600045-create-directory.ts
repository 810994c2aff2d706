import type { MigrationInterface, QueryRunner } from 'typeorm';
import { StartupError } from '#libs/platform/errors';

/** Who appears in the list of which organisation, team or project: everybody with a role there who is neither hidden nor deleted; a project's own users are profiles' to list. */
const listed = (user: string): string => `
  SELECT s.scope_id, ${user}, coalesce(d.name_key, ''), coalesce(d.email_key, ''), coalesce(d.names, '')
  FROM (
    SELECT organisation_id AS scope_id FROM organisation_members WHERE user_id = ${user}
    UNION SELECT team_id FROM team_members WHERE user_id = ${user}
    UNION SELECT project_id FROM project_members WHERE user_id = ${user} AND NOT at_home
  ) s
  JOIN members m ON m.user_id = ${user} AND m.hidden_at IS NULL AND m.deleted_at IS NULL
  LEFT JOIN directory d ON d.user_id = ${user}`;

/** Names and emails of staff and role holders, a copy of profiles', and the lists that are sorted and searched by them. */
export class CreateDirectory1767225600045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL statement_timeout = 0');
    for (const extension of ['pg_trgm', 'btree_gin']) await createExtension(runner, extension);
    await runner.query(`
      ALTER TABLE members
        ADD COLUMN deleted_at timestamptz(3),
        ADD COLUMN deleted_by text,
        ADD CONSTRAINT members_deleted_check CHECK ((deleted_at IS NULL) = (deleted_by IS NULL));
      CREATE INDEX members_deleted_at_idx ON members (deleted_at) WHERE deleted_at IS NOT NULL AND hidden_at IS NULL;

      CREATE TABLE directory (
        user_id uuid NOT NULL,
        version bigint NOT NULL,
        name_key text COLLATE "C" NOT NULL,
        email_key text COLLATE "C" NOT NULL,
        names text NOT NULL,
        CONSTRAINT directory_pkey PRIMARY KEY (user_id),
        CONSTRAINT directory_user_id_fkey FOREIGN KEY (user_id) REFERENCES members (user_id)
      );

      CREATE TABLE listings (
        scope_id uuid NOT NULL,
        user_id uuid NOT NULL,
        name_key text COLLATE "C" NOT NULL,
        email_key text COLLATE "C" NOT NULL,
        names text NOT NULL,
        CONSTRAINT listings_pkey PRIMARY KEY (scope_id, user_id)
      );`);
    // The planner's statistics hold copies of values, and an erased user's must not stay there.
    for (const table of ['directory', 'listings']) {
      await runner.query(`ALTER TABLE ${table} ${['name_key', 'email_key', 'names'].map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`);
    }
    // As profiles': lower case, without accents, in the order of bytes, so that no update of a locale library changes the order of an index.
    await runner.query(`
      CREATE FUNCTION user_sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(left(CASE WHEN octet_length(value) = length(value) THEN lower(value COLLATE "C")
          ELSE regexp_replace(normalize(lower(value), NFKD), '[\\u0300-\\u036f]', '', 'g') END, 64), '') COLLATE "C"
      $$`);
    await createTriggers(runner);
    await runner.query(`INSERT INTO listings SELECT l.* FROM members u CROSS JOIN LATERAL (${listed('u.user_id')}) l`);
    await runner.query(`
      CREATE INDEX listings_user_id_idx ON listings (user_id);
      CREATE INDEX listings_name_key_idx ON listings (scope_id, name_key, user_id);
      CREATE INDEX listings_email_key_idx ON listings (scope_id, email_key, user_id);
      CREATE INDEX listings_search_idx ON listings USING gin (scope_id, names gin_trgm_ops) WITH (gin_pending_list_limit = 1024);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['organisation_members', 'team_members', 'project_members', 'directory', 'members']) await runner.query(`DROP TRIGGER ${table}_listed ON ${table}`);
    await runner.query('DROP TRIGGER project_members_unlisted ON project_members');
    await runner.query('DROP FUNCTION list_user(uuid), list_changed_user(), user_sort_key(text)');
    await runner.query('DROP TABLE listings, directory');
    await runner.query('DROP INDEX members_deleted_at_idx');
    await runner.query('ALTER TABLE members DROP COLUMN deleted_at, DROP COLUMN deleted_by');
    // The extensions stay: something else may use them by now.
  }
}

/** Triggers, so that no statement that gives or takes a role, of this release or of one that still runs beside it, can forget the lists. */
async function createTriggers(runner: QueryRunner): Promise<void> {
  // Rows that stay as they are are not touched: their place in the indexes costs more than the comparison.
  await runner.query(`
    CREATE FUNCTION list_user(changed uuid) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM listings l WHERE l.user_id = changed AND l.scope_id NOT IN (SELECT w.scope_id FROM (${listed('changed')}) w (scope_id, user_id, name_key, email_key, names));
      INSERT INTO listings AS l ${listed('changed')}
      ON CONFLICT (scope_id, user_id) DO UPDATE SET name_key = excluded.name_key, email_key = excluded.email_key, names = excluded.names
      WHERE (l.name_key, l.email_key, l.names) IS DISTINCT FROM (excluded.name_key, excluded.email_key, excluded.names);
    END $$`);
  await runner.query(`
    CREATE FUNCTION list_changed_user() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM list_user(CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END);
      RETURN NULL;
    END $$`);
  for (const table of ['organisation_members', 'team_members']) {
    await runner.query(`CREATE TRIGGER ${table}_listed AFTER INSERT OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION list_changed_user()`);
  }
  await runner.query('CREATE TRIGGER project_members_listed AFTER INSERT ON project_members FOR EACH ROW WHEN (NOT NEW.at_home) EXECUTE FUNCTION list_changed_user()');
  await runner.query('CREATE TRIGGER project_members_unlisted AFTER DELETE ON project_members FOR EACH ROW WHEN (NOT OLD.at_home) EXECUTE FUNCTION list_changed_user()');
  await runner.query('CREATE TRIGGER directory_listed AFTER INSERT OR UPDATE OR DELETE ON directory FOR EACH ROW EXECUTE FUNCTION list_changed_user()');
  await runner.query(`
    CREATE TRIGGER members_listed AFTER UPDATE ON members FOR EACH ROW
    WHEN ((OLD.hidden_at IS NULL, OLD.deleted_at IS NULL) IS DISTINCT FROM (NEW.hidden_at IS NULL, NEW.deleted_at IS NULL)) EXECUTE FUNCTION list_changed_user()`);
}

async function createExtension(runner: QueryRunner, extension: string): Promise<void> {
  try {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '42501') throw new StartupError(`The user of DATABASE_URL may not create the extension ${extension} in the membership database: create it, or let the user.`);
    if (code === '0A000' || code === '58P01') throw new StartupError(`The PostgreSQL server lacks the extension ${extension}, which search needs: install its contrib package (postgresql-contrib).`);
    throw error;
  }
}
