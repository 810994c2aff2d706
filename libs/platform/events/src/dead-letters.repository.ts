import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** Which; nothing: all. */
export interface DeadLetterFilter {
  consumer?: string | undefined;
  type?: string | undefined;
  eventId?: string | undefined;
  /** Given up at this time or later, ISO 8601. */
  from?: string | undefined;
  /** Given up before this time. */
  to?: string | undefined;
}

export interface DeadLetterRow {
  consumer: string;
  eventId: string;
  type: string;
  data: Record<string, unknown>;
  requestId: string;
  occurredAt: string;
  deadSince: string;
  deliveries: number;
  error: string;
  replayRequestedAt: string | null;
}

/** A place in the order of the list: behind one letter of an event, or behind all of them (`consumer: null`). */
export interface DeadLetterPlace {
  eventId: string;
  consumer: string | null;
}

export interface DeadLetterCount {
  consumer: string;
  type: string;
  count: number;
  /** Of these, those that wait to be replayed. */
  waiting: number;
  oldest: string;
}

const columns = `consumer, event_id AS "eventId", type, data, request_id AS "requestId", occurred_at AS "occurredAt", dead_since AS "deadSince", deliveries, error, replay_requested_at AS "replayRequestedAt"`;
const fits = '($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR type = $2) AND ($3::uuid IS NULL OR event_id = $3) AND ($4::timestamptz IS NULL OR dead_since >= $4) AND ($5::timestamptz IS NULL OR dead_since < $5)';

// Ids of events sort by time. Names of consumers are compared byte by byte, as the cursor's reader does.
const list = sql(
  'dead_letters.list',
  `SELECT ${columns} FROM dead_letters
   WHERE ${fits} AND ($6::uuid IS NULL OR event_id < $6 OR (event_id = $6 AND consumer COLLATE "C" > $7))
   ORDER BY event_id DESC, consumer COLLATE "C" LIMIT $8`,
);
const count = sql(
  'dead_letters.count',
  `SELECT consumer, type, count(*) AS count, count(replay_requested_at) AS waiting, min(dead_since) AS oldest FROM dead_letters GROUP BY consumer, type ORDER BY consumer, type`,
);
const requestReplay = sql('dead_letters.request_replay', `UPDATE dead_letters SET replay_requested_at = now() WHERE ${fits} AND replay_requested_at IS NULL`);
const requested = sql('dead_letters.requested', 'SELECT consumer, event_id AS "eventId" FROM dead_letters WHERE replay_requested_at IS NOT NULL ORDER BY event_id, consumer LIMIT $1');
// Whoever wants it and the schedule may try it at the same moment: it was wanted once.
const failedAgain = sql('dead_letters.failed_again', 'UPDATE dead_letters SET deliveries = deliveries + 1, error = $3, replay_requested_at = NULL WHERE consumer = $1 AND event_id = $2 AND replay_requested_at IS NOT NULL');
const discard = sql(
  'dead_letters.discard',
  `DELETE FROM dead_letters WHERE (consumer, event_id) IN (SELECT consumer, event_id FROM dead_letters WHERE ${fits} ORDER BY event_id DESC LIMIT $6 FOR UPDATE) RETURNING consumer, event_id AS "eventId"`,
);

function parameters({ consumer, type, eventId, from, to }: DeadLetterFilter): (string | null)[] {
  return [consumer ?? null, type ?? null, eventId ?? null, from ?? null, to ?? null];
}

/** What an operator does with `dead_letters`. */
export const deadLettersRepository = {
  /** By event, the newest first, then by consumer. */
  async list(on: Queryable, filter: DeadLetterFilter, limit: number, after?: DeadLetterPlace): Promise<DeadLetterRow[]> {
    return on.query<DeadLetterRow>(list, [...parameters(filter), after?.eventId ?? null, after?.consumer ?? null, limit]);
  },

  async count(on: Queryable): Promise<DeadLetterCount[]> {
    return on.query<DeadLetterCount>(count);
  },

  /** @returns how many wait now that did not before */
  async requestReplay(tx: Transaction, filter: DeadLetterFilter): Promise<number> {
    return tx.execute(requestReplay, parameters(filter));
  },

  /** Those that wait, the oldest events first. */
  async requested(on: Queryable, limit: number): Promise<{ consumer: string; eventId: string }[]> {
    return on.query(requested, [limit]);
  },

  /** It waits no more, and says what it failed with this time. */
  async failedAgain(on: Queryable, consumer: string, eventId: string, error: string): Promise<void> {
    await on.execute(failedAgain, [consumer, eventId, error]);
  },

  /** @returns which were there */
  async discard(tx: Transaction, filter: DeadLetterFilter, limit: number): Promise<{ consumer: string; eventId: string }[]> {
    return tx.query(discard, [...parameters(filter), limit]);
  },
};
