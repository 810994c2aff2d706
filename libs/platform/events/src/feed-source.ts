import { sql, type Database, type Queryable } from '#libs/platform/database';
import type { StoredEvent } from './stored-event.js';

/** Half of what a message may hold. */
const mostBytes = 4 * 1024 * 1024;

// The oldest that are visible, in order. Two events about one thing lie in the order of their commits, since the change locked its
// row before it drew the number; so whatever commits late, nothing that is given here comes before something older about the same.
const pending = sql('outbox.unfed', 'SELECT id, type, data, occurred_at AS "occurredAt", request_id AS "requestId", traceparent FROM outbox WHERE fed_at IS NULL ORDER BY sequence LIMIT $1');
// By their numbers: by ids alone Postgres takes the index of what is in no feed, which was empty when it last counted, and compares all of that with each id.
export const settle = sql('outbox.fed', 'UPDATE outbox SET fed_at = now() WHERE sequence = ANY (ARRAY(SELECT sequence FROM outbox WHERE id = ANY ($1::uuid[]))) AND fed_at IS NULL');

/** The outbox as the sequencer of the feeds reads it: not through the broker, which keeps no order when it delivers again. */
export const feedSource = {
  /** The oldest events that are in no feed yet, as many as fit in a message. They come again until they are settled. `more`: there may be others. */
  async pending(on: Queryable, limit: number): Promise<{ events: StoredEvent[]; more: boolean }> {
    const found = await on.query<StoredEvent>(pending, [limit]);
    let bytes = 0;
    const tooMany = found.findIndex((event) => (bytes += Buffer.byteLength(JSON.stringify(event))) > mostBytes);
    return { events: tooMany < 0 ? found : found.slice(0, Math.max(tooMany, 1)), more: tooMany >= 0 || found.length === limit };
  },

  /** They are in the feed, for good. Again is harmless, and so nothing waits for the disk: what a server forgets when it crashes comes again. */
  async settle(database: Database, eventIds: readonly string[]): Promise<void> {
    await database.withTransaction((tx) => {
      tx.send('SET LOCAL synchronous_commit = off');
      tx.send(settle, [eventIds]);
      return Promise.resolve();
    });
  },
};
