import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sessions that can't be used any more, for gateways that remember that they could. Triggers write them down: whoever ends a
 * session, closes an account or erases a user, by whatever statement, can't forget to.
 */
export class RotateKeysAndTellRevocations1795316800011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signing_keys ADD COLUMN active_from timestamptz(3) NOT NULL DEFAULT now()');
    await runner.query('UPDATE signing_keys SET active_from = created_at');

    await runner.query(`
      CREATE TABLE revocations (
        realm_id uuid NOT NULL,
        session_id uuid NOT NULL,
        transaction_id bigint NOT NULL,
        revoked_at timestamptz(3) NOT NULL,
        CONSTRAINT revocations_pkey PRIMARY KEY (realm_id, session_id)
      )`);
    await runner.query('CREATE INDEX revocations_transaction_id_idx ON revocations (transaction_id)');
    await runner.query(`
      CREATE FUNCTION tell_revocation(realm uuid, session uuid) RETURNS void LANGUAGE sql AS $$
        INSERT INTO revocations (realm_id, session_id, transaction_id, revoked_at)
        VALUES (realm, session, pg_current_xact_id()::text::bigint, clock_timestamp())
        ON CONFLICT ON CONSTRAINT revocations_pkey DO UPDATE SET transaction_id = excluded.transaction_id, revoked_at = excluded.revoked_at
      $$`);
    await runner.query(`
      CREATE FUNCTION tell_ended_session() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM tell_revocation(OLD.realm_id, OLD.session_id);
          RETURN NULL;
        END
      $$`);
    await runner.query(`
      CREATE FUNCTION tell_closed_login() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM tell_revocation(realm_id, session_id) FROM sessions WHERE realm_id = OLD.realm_id AND user_id = OLD.user_id AND ended_at IS NULL;
          RETURN NULL;
        END
      $$`);
    await runner.query('CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION tell_ended_session()');
    // The sweep deletes those that ended or expired long ago.
    await runner.query('CREATE TRIGGER sessions_deleted AFTER DELETE ON sessions FOR EACH ROW WHEN (OLD.ended_at IS NULL AND OLD.idle_expires_at > clock_timestamp()) EXECUTE FUNCTION tell_ended_session()');
    const couldLogIn = "OLD.status = 'active' AND OLD.is_active";
    await runner.query(`CREATE TRIGGER logins_closed AFTER UPDATE OF status, is_active ON logins FOR EACH ROW WHEN (${couldLogIn} AND NOT (NEW.status = 'active' AND NEW.is_active)) EXECUTE FUNCTION tell_closed_login()`);
    await runner.query(`CREATE TRIGGER logins_deleted AFTER DELETE ON logins FOR EACH ROW WHEN (${couldLogIn}) EXECUTE FUNCTION tell_closed_login()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER logins_deleted ON logins');
    await runner.query('DROP TRIGGER logins_closed ON logins');
    await runner.query('DROP TRIGGER sessions_deleted ON sessions');
    await runner.query('DROP TRIGGER sessions_ended ON sessions');
    await runner.query('DROP FUNCTION tell_closed_login(), tell_ended_session(), tell_revocation(uuid, uuid)');
    await runner.query('DROP TABLE revocations');
    await runner.query('ALTER TABLE signing_keys DROP COLUMN active_from');
  }
}
