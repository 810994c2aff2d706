import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTombstones1700000100003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The user is part of the key, because two users may have shared an email, and each erasure must find its own again.
    await runner.query(`
      CREATE TABLE tombstones (
        realm_id uuid NOT NULL,
        key_hash bytea NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        erasure_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        lifted_at timestamptz(3),
        CONSTRAINT tombstones_pkey PRIMARY KEY (realm_id, key_hash, user_id),
        CONSTRAINT tombstones_kind_check CHECK (kind IN ('user-id', 'external-id', 'email', 'user-name'))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tombstones');
  }
}
