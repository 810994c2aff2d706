import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDataKeys, dropDataKeys } from '#libs/platform/keys';

export class CreateDataKeys1767225600035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDataKeys(runner, ['audit_log', 'erasures']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropDataKeys(runner);
  }
}
