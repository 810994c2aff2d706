import type { Type } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { DataKey } from './data-key.entity.js';

export const dataKeysEntities: readonly Type[] = [DataKey];

/**
 * Makes `data_keys`, for a migration of each service that keeps keys or keyed hashes.
 * @param tables that are empty in a new database: where one is not, there may be hashes and boxes under the master key itself
 */
export async function createDataKeys(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  await runner.query(`
    CREATE TABLE data_keys (
      name text NOT NULL,
      sealed bytea,
      sealed_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT data_keys_pkey PRIMARY KEY (name)
    )`);
  await runner.query(`INSERT INTO data_keys (name) SELECT 'root' WHERE ${tables.map((table) => `EXISTS (SELECT FROM ${table})`).join(' OR ')}`);
}

export async function dropDataKeys(runner: QueryRunner): Promise<void> {
  await runner.query('DROP TABLE data_keys');
}
