import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTokenUses1795316800002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE token_uses (
        project_id uuid NOT NULL,
        token text NOT NULL,
        skipped text[] NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT token_uses_pkey PRIMARY KEY (project_id, token)
      )`);
    await runner.query('CREATE INDEX token_uses_expires_at_idx ON token_uses (expires_at)');
    // Hashes: a statistic of them would outlive the rows, and help nobody.
    await runner.query('ALTER TABLE token_uses ALTER COLUMN token SET STATISTICS 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE token_uses');
  }
}
