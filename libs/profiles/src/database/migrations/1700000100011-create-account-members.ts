import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccountMembers1700000100011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account_members (
        realm_id uuid NOT NULL,
        user_id uuid NOT NULL,
        account_id uuid NOT NULL,
        role text,
        joined_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT account_members_pkey PRIMARY KEY (realm_id, user_id, account_id),
        CONSTRAINT account_members_user_fkey FOREIGN KEY (realm_id, user_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE,
        CONSTRAINT account_members_account_fkey FOREIGN KEY (realm_id, account_id) REFERENCES users (realm_id, user_id) ON DELETE CASCADE
      )`);
    await runner.query('CREATE INDEX account_members_account_idx ON account_members (realm_id, account_id)');
    // The planner's statistics hold copies of values, and a role may say something about a person.
    await runner.query('ALTER TABLE account_members ALTER COLUMN role SET STATISTICS 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_members');
  }
}
