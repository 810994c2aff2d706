import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The staff of a project are its organisation's few admins among others, who may be a hundred thousand members. */
export class IndexRolesOfOrganisations1767225600170 implements MigrationInterface {
  readonly name = 'IndexRolesOfOrganisations1767225600170';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX organisation_members_role_idx ON organisation_members (organisation_id, role)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX organisation_members_role_idx');
  }
}
