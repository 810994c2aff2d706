import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateProfileFields1700000100010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE profile_fields (
        realm_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        type text NOT NULL,
        label text NOT NULL,
        sweep text,
        modified_at timestamptz(3) NOT NULL,
        modified_by text NOT NULL,
        CONSTRAINT profile_fields_pkey PRIMARY KEY (realm_id, name),
        CONSTRAINT profile_fields_type_check CHECK (type IN ('text', 'date', 'number', 'boolean')),
        CONSTRAINT profile_fields_sweep_check CHECK (sweep IN ('remove', 'convert'))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE profile_fields');
  }
}
