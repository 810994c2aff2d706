import type { MigrationInterface, QueryRunner } from 'typeorm';

const types = `'text', 'date', 'number', 'boolean'`;

/** Custom fields of the type `user`, which hold the id of one. */
export class AddUserFields1700000100041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.allow(runner, `${types}, 'user'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE profile_fields SET type = 'text' WHERE type = 'user'`);
    await this.allow(runner, types);
  }

  private async allow(runner: QueryRunner, allowed: string): Promise<void> {
    await runner.query(`ALTER TABLE profile_fields DROP CONSTRAINT profile_fields_type_check, ADD CONSTRAINT profile_fields_type_check CHECK (type IN (${allowed}))`);
  }
}
