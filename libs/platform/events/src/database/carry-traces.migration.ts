import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which trace an event happened, so that what comes of it is part of the same. Null while there are no traces. */
export class CarryTraces1700000000160 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox ADD COLUMN traceparent text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN traceparent');
  }
}
