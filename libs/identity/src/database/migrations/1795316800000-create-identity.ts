import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Columns that hold personal data or hashes. They keep no statistics: `pg_statistic` holds the most common values, which
 * would outlive the rows. All are looked up by unique indexes, where the planner needs none.
 */
const withoutStatistics: Record<string, readonly string[]> = {
  logins: ['user_name', 'user_name_canonical', 'login_email', 'login_email_canonical', 'password_hash'],
  sessions: ['family_hash', 'refresh_hash', 'parent_hash', 'sealed_child', 'address', 'user_agent'],
  login_throttles: ['throttle_key'],
  address_throttles: ['throttle_key'],
};

export class CreateIdentity1795316800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE logins (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        status text NOT NULL,
        is_active boolean NOT NULL DEFAULT true,
        user_name text,
        user_name_canonical text,
        login_email text,
        login_email_canonical text,
        password_hash text,
        version bigint NOT NULL DEFAULT 0,
        reservation_id uuid,
        reserved_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        last_login_at timestamptz(3),
        CONSTRAINT logins_pkey PRIMARY KEY (realm_id, user_id),
        CONSTRAINT logins_status_check CHECK (status IN ('pending', 'active', 'hidden')),
        CONSTRAINT logins_hidden_check CHECK (status <> 'hidden' OR num_nonnulls(user_name, user_name_canonical, login_email, login_email_canonical, password_hash) = 0)
      )`);
    await runner.query('CREATE UNIQUE INDEX logins_user_name_key ON logins (realm_id, user_name_canonical) WHERE user_name_canonical IS NOT NULL');
    await runner.query('CREATE UNIQUE INDEX logins_login_email_key ON logins (realm_id, login_email_canonical) WHERE login_email_canonical IS NOT NULL');
    await runner.query(`CREATE INDEX logins_pending_idx ON logins (reserved_at) WHERE status = 'pending'`);

    // The primary key serves "all sessions of a user"; `session_id` alone is what an access token names.
    await runner.query(`
      CREATE TABLE sessions (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        session_id uuid NOT NULL,
        family_hash bytea NOT NULL,
        refresh_hash bytea NOT NULL,
        parent_hash bytea,
        sealed_child bytea,
        rotated_at timestamptz(3),
        address text,
        user_agent text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        last_used_at timestamptz(3) NOT NULL DEFAULT now(),
        idle_expires_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        end_reason text,
        CONSTRAINT sessions_pkey PRIMARY KEY (realm_id, user_id, session_id)
      )`);
    await runner.query('CREATE INDEX sessions_session_id_idx ON sessions (session_id)');
    await runner.query('CREATE INDEX sessions_idle_expires_at_idx ON sessions (idle_expires_at)');
    await runner.query('CREATE INDEX sessions_sealed_idx ON sessions (rotated_at) WHERE sealed_child IS NOT NULL');

    await runner.query(`
      CREATE TABLE credentials (
        credential_id uuid NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        project_id uuid,
        organisation_id uuid,
        roles text[] NOT NULL,
        key_hash bytea,
        secret_hash bytea,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        last_used_at timestamptz(3),
        revoked_at timestamptz(3),
        revoked_by text,
        CONSTRAINT credentials_pkey PRIMARY KEY (credential_id),
        CONSTRAINT credentials_kind_check CHECK (kind IN ('engagement', 'client', 'api-key')),
        CONSTRAINT credentials_scope_check CHECK (num_nonnulls(project_id, organisation_id) <= 1 AND (kind = 'api-key' OR project_id IS NOT NULL))
      )`);

    await runner.query(`
      CREATE TABLE signing_keys (
        kid uuid NOT NULL,
        alg text NOT NULL,
        public_jwk jsonb NOT NULL,
        sealed_private_key bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT signing_keys_pkey PRIMARY KEY (kid)
      )`);

    // Both are written at every failed login; room on each page keeps their updates out of the indexes.
    await runner.query(`
      CREATE TABLE login_throttles (
        realm_id uuid NOT NULL,
        throttle_key bytea NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        in_flight integer NOT NULL DEFAULT 0,
        blocked_until timestamptz(3) NOT NULL DEFAULT now(),
        touched_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT login_throttles_pkey PRIMARY KEY (realm_id, throttle_key)
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE address_throttles (
        throttle_key bytea NOT NULL,
        failures integer NOT NULL,
        ends_at timestamptz(3) NOT NULL,
        CONSTRAINT address_throttles_pkey PRIMARY KEY (throttle_key)
      ) WITH (fillfactor = 70)`);

    for (const [table, columns] of Object.entries(withoutStatistics)) {
      for (const column of columns) await runner.query(`ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS 0`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE address_throttles, login_throttles, signing_keys, credentials, sessions, logins');
  }
}
