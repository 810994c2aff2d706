import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trigger that keeps `login_names` does what it did, and looks at one name after the other. Asked for the first of several, the planner
 * thought that one would soon turn up, and read the table from its beginning: all names of all users, for each new login.
 */
export class LookUpLoginNamesByKey1795316800180 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION keep_login_names() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          names text[] := ARRAY[]::text[];
          wanted text;
          owner uuid;
        BEGIN
          IF TG_OP <> 'DELETE' THEN
            names := array_remove(ARRAY[NEW.login_email_canonical, NEW.user_name_canonical], NULL);
          END IF;
          IF TG_OP <> 'INSERT' THEN
            DELETE FROM login_names n WHERE n.realm_id = OLD.realm_id AND n.user_id = OLD.user_id AND n.name <> ALL (names);
          END IF;
          IF TG_OP = 'DELETE' THEN
            RETURN NULL;
          END IF;
          -- In one order for all, so that two who exchange names don't wait for each other. It waits for whoever is taking a name now.
          INSERT INTO login_names (realm_id, name, user_id)
          SELECT NEW.realm_id, given.name, NEW.user_id FROM (SELECT DISTINCT unnest(names) AS name) given ORDER BY given.name
          ON CONFLICT ON CONSTRAINT login_names_pkey DO NOTHING;
          FOREACH wanted IN ARRAY names LOOP
            -- What a user has had since before this table was there stays.
            CONTINUE WHEN TG_OP = 'UPDATE' AND (wanted IS NOT DISTINCT FROM OLD.login_email_canonical OR wanted IS NOT DISTINCT FROM OLD.user_name_canonical);
            SELECT n.user_id INTO owner FROM login_names n WHERE n.realm_id = NEW.realm_id AND n.name = wanted;
            IF owner <> NEW.user_id AND wanted = NEW.login_email_canonical THEN
              RAISE unique_violation USING CONSTRAINT = 'logins_login_email_key', TABLE = 'logins', MESSAGE = 'another user of the realm logs in by this email';
            ELSIF owner <> NEW.user_id THEN
              RAISE unique_violation USING CONSTRAINT = 'logins_user_name_key', TABLE = 'logins', MESSAGE = 'another user of the realm logs in by this user name';
            END IF;
          END LOOP;
          RETURN NULL;
        END
      $$`);
  }

  async down(): Promise<void> {
    // The function before did the same.
  }
}
