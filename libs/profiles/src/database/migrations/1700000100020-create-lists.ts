import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLists1700000100020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lists (
        realm_id uuid NOT NULL,
        list_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT lists_pkey PRIMARY KEY (realm_id, list_id)
      )`);
    await runner.query('CREATE INDEX lists_seq_idx ON lists (realm_id, seq)');
    await runner.query(`
      CREATE TABLE list_subscriptions (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        list_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        subscribed boolean NOT NULL,
        since timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT list_subscriptions_pkey PRIMARY KEY (realm_id, user_id, list_id),
        CONSTRAINT list_subscriptions_user_fkey FOREIGN KEY (realm_id, user_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE,
        CONSTRAINT list_subscriptions_list_fkey FOREIGN KEY (realm_id, list_id) REFERENCES lists (realm_id, list_id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX list_subscriptions_list_idx ON list_subscriptions (realm_id, list_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE list_subscriptions, lists');
  }
}
