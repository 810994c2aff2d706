import type { Type } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { IdempotencyKeyRow } from './idempotency-key.entity.js';

export const idempotencyEntities: readonly Type[] = [IdempotencyKeyRow];

/** Makes `idempotency_keys`, for a migration of each service that answers requests which take a key. */
export async function createIdempotencyKeys(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE idempotency_keys (
      scope_id uuid NOT NULL,
      key_hash bytea NOT NULL,
      request_hash bytea NOT NULL,
      reference jsonb,
      claimed_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope_id, key_hash)
    )`);
  await runner.query('CREATE INDEX idempotency_keys_claimed_at_idx ON idempotency_keys (claimed_at)');
}

export async function dropIdempotencyKeys(runner: QueryRunner): Promise<void> {
  await runner.query('DROP TABLE idempotency_keys');
}
