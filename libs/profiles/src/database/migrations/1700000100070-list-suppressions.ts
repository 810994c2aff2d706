import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ListSuppressions1700000100070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The list, newest first; and what else an erased user was called.
    await runner.query(`CREATE INDEX tombstones_standing_idx ON tombstones (realm_id, created_at, key_hash) WHERE lifted_at IS NULL AND kind <> 'user-id'`);
    await runner.query('CREATE INDEX tombstones_user_idx ON tombstones (realm_id, user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX tombstones_user_idx');
    await runner.query('DROP INDEX tombstones_standing_idx');
  }
}
