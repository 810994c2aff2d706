import type { Database } from '#libs/platform/database';
import { idempotencyKeysRepository } from './idempotency-keys.repository.js';

const batch = 5_000;

/**
 * Deletes keys that count no more. Any number of replicas may do so at once.
 * @param timeIsUp asked between two batches: when it says so, the rest is left
 * @returns how many
 */
export async function trimIdempotencyKeys(database: Database, timeIsUp: () => boolean = () => false): Promise<number> {
  let total = 0;
  for (let deleted = batch; deleted === batch && !timeIsUp(); total += deleted) deleted = await idempotencyKeysRepository.trim(database, batch);
  return total;
}
