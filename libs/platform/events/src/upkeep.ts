import type { Database } from '#libs/platform/database';
import { sql } from '#libs/platform/database';

/** Published rows stay this long, to repair a broker or a consumer from. */
export const outboxDays = 7;

/**
 * An event may come again for as long as the outbox keeps it and the broker keeps it after that; an inbox row lives longer
 * than both together, counted from when its event happened, with a margin for events that were published late.
 */
export const inboxDays = 30;

const batch = 5_000;

// The oldest rows only, so that a run with nothing to do reads no more than a batch of them.
const trimOutboxBatch = sql(
  'outbox.trim',
  `DELETE FROM outbox WHERE sequence IN (
     SELECT sequence FROM (SELECT sequence, published_at, fed_at FROM outbox ORDER BY sequence LIMIT $2) AS oldest
     WHERE published_at < now() - make_interval(days => $1) AND fed_at IS NOT NULL)`,
);

// Walks from one consumer to the next along the key, where DISTINCT would read every row.
const consumers = sql(
  'inbox.consumers',
  `WITH RECURSIVE known AS (
     (SELECT consumer FROM inbox ORDER BY consumer LIMIT 1)
     UNION ALL
     SELECT (SELECT consumer FROM inbox WHERE consumer > known.consumer ORDER BY consumer LIMIT 1) FROM known WHERE known.consumer IS NOT NULL)
   SELECT consumer FROM known WHERE consumer IS NOT NULL`,
);

// Event ids are UUIDv7: they sort by time, so the key finds the old ones without an index on a time.
const trimInboxBatch = sql(
  'inbox.trim',
  'DELETE FROM inbox WHERE (consumer, event_id) IN (SELECT consumer, event_id FROM inbox WHERE consumer = $1 AND event_id < $2 ORDER BY event_id LIMIT $3)',
);

/**
 * Deletes outbox rows that were published longer ago than they are kept, and are in the feed.
 * @param timeIsUp asked between two batches: when it says so, the rest is left
 * @returns how many
 */
export async function trimOutbox(database: Database, timeIsUp: () => boolean = () => false): Promise<number> {
  return repeat(() => database.execute(trimOutboxBatch, [outboxDays, batch]), timeIsUp);
}

/**
 * Forgets events that can't come again.
 * @param timeIsUp asked between two batches: when it says so, the rest is left
 * @returns how many
 */
export async function trimInbox(database: Database, timeIsUp: () => boolean = () => false): Promise<number> {
  const oldest = firstIdOf(Date.now() - inboxDays * 24 * 60 * 60 * 1_000);
  let total = 0;
  for (const { consumer } of await database.query<{ consumer: string }>(consumers)) {
    total += await repeat(() => database.execute(trimInboxBatch, [consumer, oldest, batch]), timeIsUp);
  }
  return total;
}

async function repeat(deleteBatch: () => Promise<number>, timeIsUp: () => boolean): Promise<number> {
  let total = 0;
  for (let deleted = batch; deleted === batch && !timeIsUp(); total += deleted) deleted = await deleteBatch();
  return total;
}

/** The least UUIDv7 of a millisecond. */
function firstIdOf(time: number): string {
  const hex = Math.max(time, 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
