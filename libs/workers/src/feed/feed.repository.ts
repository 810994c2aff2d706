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
  'INSERT INTO feed (event_id, type, realm_id, data, occurred_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT ON CONSTRAINT feed_event_id_key DO NOTHING',
);
// Looks at the oldest rows only, by the primary key: a late event that stands among them delays the rest, and no more.
const trim = sql(
  'feed.trim',
  `DELETE FROM feed WHERE seq IN (SELECT seq FROM (SELECT seq, occurred_at FROM feed ORDER BY seq LIMIT $2) AS oldest WHERE occurred_at < now() - make_interval(days => $1))`,
);

@Injectable()
export class FeedRepository {
  /** Appends the event, once. Nothing slow may follow in the transaction: appending waits for its end. */
  async append(tx: Transaction, event: DomainEvent): Promise<void> {
    const data = event.data as Record<string, unknown>;
    const realmId = typeof data['realmId'] === 'string' ? data['realmId'] : null;
    await tx.query(takeTurn, [sequencerLock]);
    await tx.execute(append, [event.id, event.type, realmId, JSON.stringify(data), event.occurredAt]);
  }

  /** Removes entries that are older than `days`, at most `limit` of them. @returns how many */
  async trim(on: Queryable, days: number, limit: number): Promise<number> {
    return on.execute(trim, [days, limit]);
  }
}
