import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of an organisation's projects, newest first. */
export class IndexProjectLists1767225600010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE UNIQUE INDEX projects_organisation_id_project_id_key ON projects (organisation_id, project_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX projects_organisation_id_project_id_key');
  }
}
