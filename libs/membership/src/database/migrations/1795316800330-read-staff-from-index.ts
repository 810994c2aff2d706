import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The staff of a project with their roles are read from the index alone. Where one project has many of them, Postgres expects as many of each, and read the whole table for the
 * two or three of another: the customers of all projects, for each list of a project's users.
 */
export class ReadStaffFromIndex1795316800330 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX project_members_staff_user_idx; CREATE INDEX project_members_staff_user_idx ON project_members (project_id, user_id, role) WHERE NOT at_home');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX project_members_staff_user_idx; CREATE INDEX project_members_staff_user_idx ON project_members (project_id, user_id) WHERE NOT at_home');
  }
}
