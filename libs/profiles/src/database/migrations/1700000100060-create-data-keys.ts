import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDataKeys, dropDataKeys } from '#libs/platform/keys';

export class CreateDataKeys1700000100060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDataKeys(runner, ['users', 'tombstones', 'idempotency_keys']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropDataKeys(runner);
  }
}
