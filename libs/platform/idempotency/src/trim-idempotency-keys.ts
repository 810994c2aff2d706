import type { Database } from '#libs/platform/database';
import { idempotencyKeysRepository } from './idempotency-keys.repository.js';

const batch = 5_000;

/** Deletes keys that count no more. Any number of replicas may do so at once. @returns how many */
export async function trimIdempotencyKeys(database: Database): Promise<number> {
  for (let total = 0; ; ) {
    const deleted = await idempotencyKeysRepository.trim(database, batch);
    total += deleted;
    if (deleted < batch) return total;
  }
}
