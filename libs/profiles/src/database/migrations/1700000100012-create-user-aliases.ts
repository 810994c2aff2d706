import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUserAliases1700000100012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE user_aliases (
        realm_id uuid NOT NULL,
        uid text COLLATE "C" NOT NULL,
        user_id uuid NOT NULL,
        CONSTRAINT user_aliases_pkey PRIMARY KEY (realm_id, uid),
        CONSTRAINT user_aliases_user_fkey FOREIGN KEY (realm_id, user_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX user_aliases_user_idx ON user_aliases (realm_id, user_id)');
    await runner.query('ALTER TABLE user_aliases ALTER COLUMN uid SET STATISTICS 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE user_aliases');
  }
}
