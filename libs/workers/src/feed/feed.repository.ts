import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { DomainEvent } from '#libs/platform/messages';

/** Any number that is ours, other than the platform's. */
const sequencerLock = 7_245_100;

// An identity column hands out numbers before the commit: without the lock a lower number could appear after a higher one
// was read, and a reader who goes on from the higher one would never see it. Held until the commit, the lock makes the
// order of the numbers that of the commits. Taken in a statement of its own: within one the number might be drawn first.
const takeTurn = sql('feed.take-turn', 'SELECT pg_advisory_xact_lock($1)');
const append = sql(
  'feed.append',
  `INSERT INTO feed (event_id, type, realm_id, data, occurred_at)
   SELECT event_id, type, realm_id, data::jsonb, occurred_at FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[]) WITH ORDINALITY AS new (event_id, type, realm_id, data, occurred_at, place)
   ORDER BY place ON CONFLICT ON CONSTRAINT feed_event_id_key DO NOTHING`,
);
// Looks at the oldest rows only, by the primary key: a late event that stands among them delays the rest, and no more.
const trim = sql(
  'feed.trim',
  `DELETE FROM feed WHERE seq IN (SELECT seq FROM (SELECT seq, occurred_at FROM feed ORDER BY seq LIMIT $2) AS oldest WHERE occurred_at < now() - make_interval(days => $1))`,
);

@Injectable()
export class FeedRepository {
  /** Appends the events in their order, each once. Nothing slow may follow in the transaction: appending waits for its end. */
  append(tx: Transaction, events: readonly DomainEvent[]): void {
    tx.send(takeTurn, [sequencerLock]);
    const of = <T>(value: (event: DomainEvent) => T) => events.map(value);
    tx.send(append, [of(({ id }) => id), of(({ type }) => type), of(realmOf), of(({ data }) => JSON.stringify(data)), of(({ occurredAt }) => occurredAt)]);
  }

  /** Removes entries that are older than `days`, at most `limit` of them. @returns how many */
  async trim(on: Queryable, days: number, limit: number): Promise<number> {
    return on.execute(trim, [days, limit]);
  }
}

/** Null for what belongs to no realm. */
function realmOf({ data }: DomainEvent): string | null {
  const realmId = (data as Record<string, unknown>)['realmId'];
  return typeof realmId === 'string' ? realmId : null;
}
