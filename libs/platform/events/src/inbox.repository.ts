import type { Queryable, Transaction } from '#libs/platform/database';
import { sql } from '#libs/platform/database';
import type { StoredEvent } from './stored-event.js';

const has = sql('inbox.has', 'SELECT 1 FROM inbox WHERE consumer = $1 AND event_id = $2');
const claim = sql('inbox.claim', 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT inbox_pkey DO NOTHING');
const claimAll = sql('inbox.claim_all', 'INSERT INTO inbox (consumer, event_id) SELECT $1, id FROM unnest($2::uuid[]) AS id ORDER BY id ON CONFLICT ON CONSTRAINT inbox_pkey DO NOTHING RETURNING event_id AS "eventId"');
const bury = sql(
  'dead_letters.add',
  `INSERT INTO dead_letters (consumer, event_id, type, data, request_id, occurred_at, deliveries, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const deadLetter = sql(
  'dead_letters.get',
  'SELECT event_id AS id, type, data, request_id AS "requestId", occurred_at AS "occurredAt", deliveries FROM dead_letters WHERE consumer = $1 AND event_id = $2',
);
const revive = sql('dead_letters.remove', 'DELETE FROM dead_letters WHERE consumer = $1 AND event_id = $2');

/** All SQL of `inbox` and `dead_letters` but for their upkeep. */
export const inboxRepository = {
  async has(on: Queryable, consumer: string, eventId: string): Promise<boolean> {
    return (await on.query(has, [consumer, eventId])).length > 0;
  },

  /** @returns whether the event was still to be handled; a second transaction waits here for the first one's end */
  async claim(tx: Transaction, consumer: string, eventId: string): Promise<boolean> {
    return (await tx.execute(claim, [consumer, eventId])) === 1;
  },

  /** @returns those of the events that were still to be handled */
  async claimAll(tx: Transaction, consumer: string, eventIds: readonly string[]): Promise<Set<string>> {
    return new Set((await tx.query<{ eventId: string }>(claimAll, [consumer, eventIds])).map(({ eventId }) => eventId));
  },

  async addDeadLetter(tx: Transaction, consumer: string, event: StoredEvent, deliveries: number, error: string): Promise<void> {
    await tx.execute(bury, [consumer, event.id, event.type, JSON.stringify(event.data), event.requestId, event.occurredAt, deliveries, error]);
  },

  async getDeadLetter(on: Queryable, consumer: string, eventId: string): Promise<StoredEvent | undefined> {
    return (await on.query<StoredEvent>(deadLetter, [consumer, eventId]))[0];
  },

  /** @returns whether it was there: of two that try, one */
  async removeDeadLetter(tx: Transaction, consumer: string, eventId: string): Promise<boolean> {
    return (await tx.execute(revive, [consumer, eventId])) === 1;
  },
};
