import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signed receipts in one chain, the keys that sign them, and what each table was like when dead rows were removed last. */
export class CreateReceipts1767225600040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE receipt_keys (
        kid uuid NOT NULL,
        public_key text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT receipt_keys_pkey PRIMARY KEY (kid)
      );

      -- The constraints are the chain: each receipt but the first follows one that is there, and no two follow the same.
      CREATE TABLE receipts (
        sequence bigint NOT NULL,
        kind text NOT NULL,
        realm_id uuid,
        erasure_id uuid,
        hash text NOT NULL,
        previous text,
        document text NOT NULL,
        issued_at timestamptz(3) NOT NULL,
        bytes_until timestamptz(3),
        removal_sequence bigint,
        CONSTRAINT receipts_pkey PRIMARY KEY (sequence),
        CONSTRAINT receipts_hash_key UNIQUE (hash),
        CONSTRAINT receipts_previous_key UNIQUE (previous),
        CONSTRAINT receipts_erasure_id_key UNIQUE (erasure_id),
        CONSTRAINT receipts_previous_fkey FOREIGN KEY (previous) REFERENCES receipts (hash),
        CONSTRAINT receipts_removal_fkey FOREIGN KEY (removal_sequence) REFERENCES receipts (sequence),
        CONSTRAINT receipts_first_check CHECK ((sequence = 1) = (previous IS NULL)),
        CONSTRAINT receipts_kind_check CHECK (kind IN ('erasure', 'removal') AND (kind = 'erasure') = (erasure_id IS NOT NULL AND realm_id IS NOT NULL AND bytes_until IS NOT NULL))
      );
      CREATE INDEX receipts_realm_idx ON receipts (realm_id, sequence);
      CREATE INDEX receipts_unconfirmed_idx ON receipts (sequence) WHERE kind = 'erasure' AND removal_sequence IS NULL;

      CREATE TABLE removal_marks (
        service text NOT NULL,
        table_name text NOT NULL,
        mark text NOT NULL,
        CONSTRAINT removal_marks_pkey PRIMARY KEY (service, table_name)
      );

      ALTER TABLE erasures ADD COLUMN requested_by_type text NOT NULL DEFAULT 'credential';
      ALTER TABLE erasures ADD COLUMN receipt_sequence bigint;
      ALTER TABLE erasures ADD CONSTRAINT erasures_receipt_fkey FOREIGN KEY (receipt_sequence) REFERENCES receipts (sequence);
      ALTER TABLE erasures DROP CONSTRAINT erasures_receipt_check;
      ALTER TABLE erasures ADD CONSTRAINT erasures_receipt_check CHECK ((state = 'done') = (receipt IS NOT NULL OR receipt_sequence IS NOT NULL));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE erasures DROP CONSTRAINT erasures_receipt_check;
      ALTER TABLE erasures DROP CONSTRAINT erasures_receipt_fkey;
      UPDATE erasures SET receipt = '{}' WHERE state = 'done' AND receipt IS NULL;
      ALTER TABLE erasures DROP COLUMN receipt_sequence, DROP COLUMN requested_by_type;
      ALTER TABLE erasures ADD CONSTRAINT erasures_receipt_check CHECK ((state = 'done') = (receipt IS NOT NULL));
      DROP TABLE removal_marks, receipts, receipt_keys`);
  }
}
