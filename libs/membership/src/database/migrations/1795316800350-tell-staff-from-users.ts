import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Users whose home is a project and who hold roles there have a row in `members` as staff have, and so whoever administers everything could
 * delete them as staff: they kept their profile and lost what their roles permit. Here they get that back.
 */
export class TellStaffFromUsers1795316800350 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE members ADD COLUMN at_home boolean NOT NULL DEFAULT false');
    await runner.query(`
      UPDATE members SET deleted_at = NULL, deleted_by = NULL, left_organisation_id = NULL
      WHERE deleted_at IS NOT NULL AND hidden_at IS NULL AND EXISTS (SELECT FROM project_members home WHERE home.user_id = members.user_id AND home.at_home)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE members DROP COLUMN at_home');
  }
}
