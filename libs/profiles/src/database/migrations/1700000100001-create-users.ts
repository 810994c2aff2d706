import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUsers1700000100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // External ids compare by bytes: no update of a locale library may change the order of a unique index.
    // The free space in each page lets a change of `last_seen_at` stay in its page and touch no index.
    await runner.query(`
      CREATE TABLE users (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        external_id text COLLATE "C",
        display_name text,
        first_name text,
        last_name text,
        email text,
        phone text,
        notes text,
        attributes jsonb NOT NULL DEFAULT '{}',
        preferences jsonb NOT NULL DEFAULT '{}',
        preferences_updated_at timestamptz(3),
        devices jsonb NOT NULL DEFAULT '[]',
        is_account boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL,
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL,
        modified_by text NOT NULL,
        first_seen_at timestamptz(3),
        last_seen_at timestamptz(3),
        version bigint NOT NULL,
        hidden_by uuid,
        CONSTRAINT users_pkey PRIMARY KEY (realm_id, user_id)
      ) WITH (fillfactor = 85)`);
    // A hidden user has given its external id back.
    await runner.query('CREATE UNIQUE INDEX users_external_id_key ON users (realm_id, external_id) WHERE external_id IS NOT NULL AND hidden_by IS NULL');
    await runner.query('CREATE INDEX users_seq_idx ON users (realm_id, seq)');
    await runner.query('CREATE INDEX users_user_id_idx ON users (user_id)');
    await runner.query('CREATE INDEX users_email_idx ON users (realm_id, lower(email), seq) WHERE email IS NOT NULL AND hidden_by IS NULL');

    await runner.query(`
      CREATE TABLE directory (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        user_name text,
        is_active boolean NOT NULL DEFAULT true,
        can_log_in boolean NOT NULL DEFAULT false,
        login_version bigint NOT NULL DEFAULT 0,
        roles text[] NOT NULL DEFAULT '{}',
        membership_version bigint NOT NULL DEFAULT 0,
        CONSTRAINT directory_pkey PRIMARY KEY (realm_id, user_id),
        CONSTRAINT directory_user_fkey FOREIGN KEY (realm_id, user_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX directory_user_name_idx ON directory (realm_id, lower(user_name)) WHERE user_name IS NOT NULL');

    // The planner's statistics hold copies of values, and an erased user's must not stay there.
    const personal = ['external_id', 'display_name', 'first_name', 'last_name', 'email', 'phone', 'notes', 'attributes', 'preferences', 'devices'];
    await runner.query(`ALTER TABLE users ${personal.map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`);
    await runner.query('ALTER TABLE directory ALTER COLUMN user_name SET STATISTICS 0');
    await runner.query('ALTER INDEX users_email_idx ALTER COLUMN 2 SET STATISTICS 0');
    await runner.query('ALTER INDEX directory_user_name_idx ALTER COLUMN 2 SET STATISTICS 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE directory, users');
  }
}
