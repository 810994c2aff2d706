import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSdkKeys1795316800001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sdk_keys (
        project_id uuid NOT NULL,
        sdk_key_id uuid NOT NULL,
        name text NOT NULL,
        algorithm text NOT NULL,
        public_jwk jsonb NOT NULL,
        claims jsonb NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT sdk_keys_pkey PRIMARY KEY (project_id, sdk_key_id),
        CONSTRAINT sdk_keys_name_key UNIQUE (project_id, name)
      )`);
    await runner.query('CREATE UNIQUE INDEX sdk_keys_sdk_key_id_key ON sdk_keys (sdk_key_id)');
    // Lists of those who manage credentials, in the order of their pages.
    await runner.query('CREATE INDEX credentials_project_idx ON credentials (project_id, kind, credential_id) WHERE revoked_at IS NULL');
    await runner.query('CREATE INDEX credentials_organisation_idx ON credentials (organisation_id, kind, credential_id) WHERE revoked_at IS NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX credentials_organisation_idx');
    await runner.query('DROP INDEX credentials_project_idx');
    await runner.query('DROP TABLE sdk_keys');
  }
}
