import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A name logs one user in, whether it is a user name or an email: no unique index of `logins` can say that over two columns. A row
 * for each name can, and a trigger keeps them, whatever statement changes a login. It answers as the index of the kind of name would,
 * so that everybody who reads `logins_user_name_key` and `logins_login_email_key` as an error reads this too.
 */
export class CreateLoginNames1795316800047 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE login_names (
        realm_id uuid NOT NULL,
        name text NOT NULL,
        user_id uuid NOT NULL,
        CONSTRAINT login_names_pkey PRIMARY KEY (realm_id, name)
      )`);
    await runner.query('CREATE INDEX login_names_user_idx ON login_names (realm_id, user_id)');
    await runner.query('ALTER TABLE login_names ALTER COLUMN name SET STATISTICS 0');
    await runner.query(`
      CREATE FUNCTION keep_login_names() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          names text[] := ARRAY[]::text[];
          fresh text[] := ARRAY[]::text[];
          taken text;
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
          SELECT NEW.realm_id, wanted.name, NEW.user_id FROM (SELECT DISTINCT unnest(names) AS name) wanted ORDER BY wanted.name
          ON CONFLICT ON CONSTRAINT login_names_pkey DO NOTHING;
          fresh := names;
          IF TG_OP = 'UPDATE' THEN
            -- What a user has had since before this table was there stays.
            fresh := ARRAY(SELECT unnest(names) EXCEPT SELECT unnest(ARRAY[OLD.login_email_canonical, OLD.user_name_canonical]));
          END IF;
          SELECT n.name INTO taken FROM login_names n WHERE n.realm_id = NEW.realm_id AND n.name = ANY (fresh) AND n.user_id <> NEW.user_id LIMIT 1;
          IF taken = NEW.login_email_canonical THEN
            RAISE unique_violation USING CONSTRAINT = 'logins_login_email_key', TABLE = 'logins', MESSAGE = 'another user of the realm logs in by this email';
          ELSIF taken IS NOT NULL THEN
            RAISE unique_violation USING CONSTRAINT = 'logins_user_name_key', TABLE = 'logins', MESSAGE = 'another user of the realm logs in by this user name';
          END IF;
          RETURN NULL;
        END
      $$`);
    const hasNames = (row: string) => `num_nonnulls(${row}.login_email_canonical, ${row}.user_name_canonical) > 0`;
    await runner.query(`CREATE TRIGGER logins_named AFTER INSERT ON logins FOR EACH ROW WHEN (${hasNames('NEW')}) EXECUTE FUNCTION keep_login_names()`);
    await runner.query(`
      CREATE TRIGGER logins_renamed AFTER UPDATE OF login_email_canonical, user_name_canonical ON logins FOR EACH ROW
      WHEN ((OLD.login_email_canonical, OLD.user_name_canonical) IS DISTINCT FROM (NEW.login_email_canonical, NEW.user_name_canonical)) EXECUTE FUNCTION keep_login_names()`);
    await runner.query(`CREATE TRIGGER logins_unnamed AFTER DELETE ON logins FOR EACH ROW WHEN (${hasNames('OLD')}) EXECUTE FUNCTION keep_login_names()`);
    // Where a name is of two users already, it is the one's whose email it is, as it was.
    for (const column of ['login_email_canonical', 'user_name_canonical']) {
      await runner.query(`INSERT INTO login_names (realm_id, name, user_id) SELECT realm_id, ${column}, user_id FROM logins WHERE ${column} IS NOT NULL ON CONFLICT DO NOTHING`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER logins_unnamed ON logins');
    await runner.query('DROP TRIGGER logins_renamed ON logins');
    await runner.query('DROP TRIGGER logins_named ON logins');
    await runner.query('DROP FUNCTION keep_login_names()');
    await runner.query('DROP TABLE login_names');
  }
}
