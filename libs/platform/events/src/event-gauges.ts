import type { Database } from '#libs/platform/database';
import { sql } from '#libs/platform/database';

/** How the events of one service are doing, for metrics and alerts. */
export interface EventGauges {
  /** Rows of the outbox that have yet to be published (without a broker: handled). */
  unpublished: number;
  /** Age of the oldest of them, seconds; 0 when there is none. */
  oldestUnpublishedSeconds: number;
  /** Events that this service's consumers gave up. */
  deadLetters: number;
}

const gauges = sql(
  'events.gauges',
  `SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL) AS unpublished,
          coalesce(extract(epoch FROM now() - (SELECT occurred_at FROM outbox WHERE published_at IS NULL ORDER BY sequence LIMIT 1)), 0)::float8 AS "oldestUnpublishedSeconds",
          (SELECT count(*) FROM dead_letters) AS "deadLetters"`,
);

export async function readEventGauges(database: Database): Promise<EventGauges> {
  const [row] = await database.query<EventGauges>(gauges);
  return row as EventGauges;
}
