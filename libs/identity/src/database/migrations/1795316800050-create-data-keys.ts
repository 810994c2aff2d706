import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createDataKeys, dropDataKeys } from '#libs/platform/keys';

export class CreateDataKeys1795316800050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDataKeys(runner, ['signing_keys', 'credentials']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropDataKeys(runner);
  }
}
