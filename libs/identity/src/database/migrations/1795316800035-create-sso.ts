import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Logging in at an organisation's own identity provider. */
export class CreateSso1795316800035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sso_connections (
        organisation_id uuid NOT NULL,
        issuer text NOT NULL,
        client_id text NOT NULL,
        client_secret bytea NOT NULL,
        domains text[] NOT NULL,
        auto_join boolean NOT NULL DEFAULT false,
        assumes_verified boolean NOT NULL DEFAULT false,
        return_urls text[] NOT NULL DEFAULT '{}',
        version bigint NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT sso_connections_pkey PRIMARY KEY (organisation_id)
      );

      CREATE TABLE sso_attempts (
        organisation_id uuid NOT NULL,
        state_hash bytea NOT NULL,
        browser_hash bytea NOT NULL,
        secrets bytea NOT NULL,
        callback_url text NOT NULL,
        return_to text,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT sso_attempts_pkey PRIMARY KEY (organisation_id, state_hash)
      );
      CREATE INDEX sso_attempts_expires_at_idx ON sso_attempts (expires_at);

      CREATE TABLE sso_links (
        realm_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        subject_hash bytea NOT NULL,
        user_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT sso_links_pkey PRIMARY KEY (realm_id, organisation_id, subject_hash)
      );
      CREATE INDEX sso_links_user_idx ON sso_links (realm_id, user_id);
      ALTER TABLE sso_links ALTER COLUMN subject_hash SET STATISTICS 0;

      CREATE TABLE sso_codes (
        realm_id uuid NOT NULL,
        code_hash bytea NOT NULL,
        user_id uuid NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT sso_codes_pkey PRIMARY KEY (realm_id, code_hash)
      );
      CREATE INDEX sso_codes_expires_at_idx ON sso_codes (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sso_codes, sso_links, sso_attempts, sso_connections');
  }
}
