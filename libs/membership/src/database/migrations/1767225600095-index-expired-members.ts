import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deleted people who were taken for erasure are looked for too, until it is done: it may never have begun. */
export class IndexExpiredMembers1767225600095 implements MigrationInterface {
  readonly name = 'IndexExpiredMembers1767225600095';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX members_expiring_idx ON members (hidden_at) WHERE deleted_at IS NOT NULL AND hidden_at IS NOT NULL AND erased_at IS NULL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX members_expiring_idx');
  }
}
