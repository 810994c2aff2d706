import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createIdempotencyKeys, dropIdempotencyKeys } from '#libs/platform/idempotency';

export class CreateIdempotencyKeys1700000100045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createIdempotencyKeys(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIdempotencyKeys(runner);
  }
}
