import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where somebody was last who belongs nowhere any more: its administrators see that they are erased. */
export class AddLeftOrganisation1767225600100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE members ADD COLUMN left_organisation_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE members DROP COLUMN left_organisation_id');
  }
}
