import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A hash for each attribute of a user and for each value of one, that filters find users by. What looks the same to a filter has the same hash:
 * texts and booleans by their text, numbers by their value. Hashes of Postgres's that partitions by hash rely on too, so no release may change them.
 */
const entriesOf = (user: string) => `(
  SELECT array_agg(hashtextextended(e.kind || ${user}.realm_id::text || E'\\n' || a.key || E'\\n' || e.value, 0))
  FROM jsonb_each(${user}.attributes) AS a, LATERAL (VALUES ('k', ''),
    (CASE jsonb_typeof(a.value) WHEN 'number' THEN 'n' ELSE 't' END, CASE jsonb_typeof(a.value) WHEN 'number' THEN trim_scale((a.value #>> '{}')::numeric)::text ELSE a.value #>> '{}' END)
  ) AS e (kind, value))`;

/**
 * Beside `users` and not an index on it: with one on `attributes`, each change of any attribute would have to write every index of `users`.
 */
export class CreateAttributeEntries1700000100095 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Filling the rows of a million users takes longer than a request may.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`
      CREATE TABLE attribute_entries (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        entries bigint[] NOT NULL,
        CONSTRAINT attribute_entries_pkey PRIMARY KEY (realm_id, user_id)
      )`);
    await runner.query('ALTER TABLE attribute_entries ALTER COLUMN entries SET STATISTICS 0');
    // Triggers, so that no statement that writes users can forget it; of an update only where attributes changed.
    await runner.query(`
      CREATE FUNCTION enter_inserted_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO attribute_entries (realm_id, user_id, entries)
        SELECT u.realm_id, u.user_id, ${entriesOf('u')} FROM inserted u WHERE u.attributes <> '{}';
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE FUNCTION enter_updated_attributes() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.attributes = '{}' THEN
          DELETE FROM attribute_entries WHERE realm_id = NEW.realm_id AND user_id = NEW.user_id;
        ELSE
          INSERT INTO attribute_entries (realm_id, user_id, entries) VALUES (NEW.realm_id, NEW.user_id, ${entriesOf('NEW')})
          ON CONFLICT (realm_id, user_id) DO UPDATE SET entries = excluded.entries;
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query('CREATE TRIGGER users_attributes_insert AFTER INSERT ON users REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION enter_inserted_attributes()');
    await runner.query('CREATE TRIGGER users_attributes_update AFTER UPDATE OF attributes ON users FOR EACH ROW WHEN (OLD.attributes IS DISTINCT FROM NEW.attributes) EXECUTE FUNCTION enter_updated_attributes()');
    await runner.query(`INSERT INTO attribute_entries (realm_id, user_id, entries) SELECT u.realm_id, u.user_id, ${entriesOf('u')} FROM users u WHERE u.attributes <> '{}'`);
    // Looked at once for all rows, which is faster than for each that comes.
    await runner.query('ALTER TABLE attribute_entries ADD CONSTRAINT attribute_entries_user_fkey FOREIGN KEY (realm_id, user_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE');
    // The realm is in each hash. New entries wait in a list that every filter reads, and are sorted in together: the list is kept short.
    await runner.query('CREATE INDEX attribute_entries_idx ON attribute_entries USING gin (entries) WITH (gin_pending_list_limit = 1024)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER users_attributes_insert ON users');
    await runner.query('DROP TRIGGER users_attributes_update ON users');
    await runner.query('DROP FUNCTION enter_inserted_attributes(), enter_updated_attributes()');
    await runner.query('DROP TABLE attribute_entries');
  }
}
