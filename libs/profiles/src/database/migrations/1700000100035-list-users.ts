import type { MigrationInterface, QueryRunner } from 'typeorm';
import { StartupError } from '#libs/platform/errors';

/** Sort keys and search text of a row of `users`, as `directory` keeps them. */
const listed = (user: string): Readonly<Record<string, string>> => ({
  hidden: `${user}.hidden_by IS NOT NULL`,
  created_at: `${user}.created_at`,
  name_key: `user_sort_key(coalesce(${user}.display_name, concat_ws(' ', ${user}.first_name, ${user}.last_name)))`,
  first_name_key: `user_sort_key(${user}.first_name)`,
  last_name_key: `user_sort_key(${user}.last_name)`,
  email_key: `user_sort_key(${user}.email)`,
  phone_key: `user_sort_key(${user}.phone)`,
  names: `lower(concat_ws(E'\\n', ${user}.display_name, nullif(concat_ws(' ', ${user}.first_name, ${user}.last_name), coalesce(${user}.display_name, '')), ${user}.email))`,
});
const columns = Object.keys(listed('u'));
const keys = ['name_key', 'first_name_key', 'last_name_key', 'email_key', 'phone_key'];
const sources = ['display_name', 'first_name', 'last_name', 'email', 'phone', 'created_at', 'hidden_by'];

export class ListUsers1700000100035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Filling the rows of a million users takes longer than a request may.
    await runner.query('SET LOCAL statement_timeout = 0');
    for (const extension of ['pg_trgm', 'btree_gin']) await createExtension(runner, extension);

    // Lower case, without accents, in the order of bytes: Ärger stands before Bert, and no update of a locale library
    // changes the order of an index. What is ASCII, as most is, takes the short way.
    await runner.query(`
      CREATE FUNCTION user_sort_key(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(left(CASE WHEN octet_length(value) = length(value) THEN lower(value COLLATE "C")
          ELSE regexp_replace(normalize(lower(value), NFKD), '[\\u0300-\\u036f]', '', 'g') END, 64), '') COLLATE "C"
      $$`);
    await runner.query(`
      ALTER TABLE directory
        ADD COLUMN seq bigint NOT NULL DEFAULT 0,
        ADD COLUMN hidden boolean NOT NULL DEFAULT false,
        ADD COLUMN created_at timestamptz(3) NOT NULL DEFAULT now(),
        ${keys.map((key) => `ADD COLUMN ${key} text COLLATE "C" NOT NULL DEFAULT ''`).join(', ')},
        ADD COLUMN names text NOT NULL DEFAULT ''`);
    // The planner's statistics hold copies of values, and an erased user's must not stay there.
    await runner.query(`ALTER TABLE directory ${[...keys, 'names'].map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`);
    await runner.query(`
      CREATE TABLE user_counts (
        realm_id uuid NOT NULL,
        slot bigint GENERATED ALWAYS AS IDENTITY,
        total bigint NOT NULL,
        CONSTRAINT user_counts_pkey PRIMARY KEY (realm_id, slot)
      ) WITH (fillfactor = 50)`);
    await createTriggers(runner);

    const values = listed('u');
    await runner.query(`
      INSERT INTO directory (realm_id, user_id, seq, ${columns.join(', ')})
      SELECT u.realm_id, u.user_id, u.seq, ${columns.map((column) => values[column]).join(', ')} FROM users u
      ON CONFLICT (realm_id, user_id) DO UPDATE SET seq = excluded.seq, ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`);
    await runner.query('INSERT INTO user_counts (realm_id, total) SELECT realm_id, count(*) FROM users WHERE hidden_by IS NULL GROUP BY realm_id');

    for (const column of [...keys, 'created_at', 'is_active']) {
      await runner.query(`CREATE INDEX directory_${column}_idx ON directory (realm_id, ${column}, seq) WHERE NOT hidden`);
    }
    await runner.query('CREATE INDEX directory_user_name_key_idx ON directory (realm_id, user_sort_key(user_name), seq) WHERE NOT hidden');
    await runner.query('ALTER INDEX directory_user_name_key_idx ALTER COLUMN 2 SET STATISTICS 0');
    // With the realm in it, a search costs what it finds in its project, whatever the others hold. New rows wait in a list
    // that every search reads, and are sorted in together, at a tenth of the cost: the list is kept short.
    await runner.query(`
      CREATE INDEX directory_search_idx ON directory USING gin (realm_id, (names || E'\\n' || coalesce(lower(user_name), '')) gin_trgm_ops)
      WITH (gin_pending_list_limit = 1024) WHERE NOT hidden`);
    await runner.query('ALTER INDEX directory_search_idx ALTER COLUMN 2 SET STATISTICS 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER users_listed_insert ON users');
    await runner.query('DROP TRIGGER users_listed_update ON users');
    await runner.query('DROP TRIGGER users_listed_delete ON users');
    await runner.query('DROP INDEX directory_user_name_key_idx, directory_search_idx');
    await runner.query(`ALTER TABLE directory ${['seq', ...columns].map((column) => `DROP COLUMN ${column}`).join(', ')}`);
    await runner.query('DROP FUNCTION list_inserted_users(), list_updated_user(), list_deleted_users(), count_users(uuid, bigint), user_sort_key(text)');
    await runner.query('DROP TABLE user_counts');
    // The extensions stay: something else may use them by now.
  }
}

/** Triggers, so that no statement that writes users, of this release or of one that still runs beside it, can forget the lists. */
async function createTriggers(runner: QueryRunner): Promise<void> {
  // Any row of the realm will do that nobody else is counting in: two transactions never wait for each other here.
  await runner.query(`
    CREATE FUNCTION count_users(realm uuid, more bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE user_counts SET total = total + more
      WHERE realm_id = realm AND slot = (SELECT slot FROM user_counts WHERE realm_id = realm LIMIT 1 FOR UPDATE SKIP LOCKED);
      IF NOT FOUND THEN
        INSERT INTO user_counts (realm_id, total) VALUES (realm, more);
      END IF;
    END $$`);
  const inserted = listed('u');
  await runner.query(`
    CREATE FUNCTION list_inserted_users() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO directory (realm_id, user_id, seq, ${columns.join(', ')})
      SELECT u.realm_id, u.user_id, u.seq, ${columns.map((column) => inserted[column]).join(', ')} FROM inserted u;
      PERFORM count_users(realm_id, count(*)) FROM inserted WHERE hidden_by IS NULL GROUP BY realm_id ORDER BY realm_id;
      RETURN NULL;
    END $$`);
  const updated = listed('NEW');
  await runner.query(`
    CREATE FUNCTION list_updated_user() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE directory SET ${columns.map((column) => `${column} = ${updated[column]}`).join(', ')} WHERE realm_id = NEW.realm_id AND user_id = NEW.user_id;
      IF (OLD.hidden_by IS NULL) <> (NEW.hidden_by IS NULL) THEN
        PERFORM count_users(NEW.realm_id, CASE WHEN NEW.hidden_by IS NULL THEN 1 ELSE -1 END);
      END IF;
      RETURN NULL;
    END $$`);
  await runner.query(`
    CREATE FUNCTION list_deleted_users() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM count_users(realm_id, -count(*)) FROM deleted WHERE hidden_by IS NULL GROUP BY realm_id ORDER BY realm_id;
      RETURN NULL;
    END $$`);
  await runner.query('CREATE TRIGGER users_listed_insert AFTER INSERT ON users REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION list_inserted_users()');
  await runner.query(`
    CREATE TRIGGER users_listed_update AFTER UPDATE ON users FOR EACH ROW
    WHEN (${sources.map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`).join(' OR ')}) EXECUTE FUNCTION list_updated_user()`);
  await runner.query('CREATE TRIGGER users_listed_delete AFTER DELETE ON users REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION list_deleted_users()');
}

async function createExtension(runner: QueryRunner, extension: string): Promise<void> {
  try {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '42501') throw new StartupError(`The user of DATABASE_URL may not create the extension ${extension} in the profiles database: create it, or let the user.`);
    if (code === '0A000' || code === '58P01') throw new StartupError(`The PostgreSQL server lacks the extension ${extension}, which search needs: install its contrib package (postgresql-contrib).`);
    throw error;
  }
}
