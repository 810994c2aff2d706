import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Happening } from './happenings.js';

/** One entry as it is put into a feed. */
export interface NewFeedEntry extends Happening {
  eventId: string;
  part: number;
  occurredAt: string;
  traceparent: string | null;
}

export interface FeedEntry {
  position: number;
  eventId: string;
  part: number;
  type: operations.FeedType;
  userId: string | null;
  subject: string;
  data: Record<string, unknown>;
  occurredAt: string;
  /** W3C, of the span that it happened in; null where there were no traces. */
  traceparent: string | null;
}

/** A part of a feed, and how far the feed reaches. */
export interface FeedSlice {
  /** Position of the oldest entry that is kept; null when none is. */
  first: number | null;
  /** Of the newest there ever was; 0 when there was none. */
  last: number;
  entries: FeedEntry[];
}

const begin = sql('project_feed.begin', 'INSERT INTO project_feed_ends (project_id) SELECT unnest($1::uuid[]) ON CONFLICT ON CONSTRAINT project_feed_ends_pkey DO NOTHING');
// Always in one order, so that two who append don't wait for each other. Held until the commit: so a reader who has seen a
// position never misses a lower one that comes later.
const takeTurn = sql('project_feed.take-turn', 'SELECT FROM project_feed_ends WHERE project_id = ANY ($1::uuid[]) ORDER BY project_id FOR UPDATE');
// A statement of its own after the lock: it sees what others have appended while this one waited.
const append = sql(
  'project_feed.append',
  `WITH new AS (
     SELECT (one ->> 'projectId')::uuid AS project_id, (one ->> 'eventId')::uuid AS event_id, (one ->> 'part')::integer AS part, one ->> 'type' AS type, (one ->> 'userId')::uuid AS user_id,
            one ->> 'subject' AS subject, one -> 'data' AS data, (one ->> 'occurredAt')::timestamptz AS occurred_at, one ->> 'traceparent' AS traceparent, place
     FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given (one, place)),
   placed AS (
     SELECT new.*, ends.last + row_number() OVER (PARTITION BY new.project_id ORDER BY place) AS position
     FROM new JOIN project_feed_ends ends USING (project_id)
     WHERE NOT EXISTS (SELECT FROM project_feed f WHERE f.project_id = new.project_id AND f.event_id = new.event_id AND f.part = new.part)),
   moved AS (
     UPDATE project_feed_ends ends SET last = reached.last FROM (SELECT project_id, max(position) AS last FROM placed GROUP BY project_id) AS reached
     WHERE ends.project_id = reached.project_id)
   INSERT INTO project_feed (project_id, position, event_id, part, type, user_id, subject, data, occurred_at, traceparent, fed_at)
   SELECT project_id, position, event_id, part, type, user_id, subject, data, occurred_at, traceparent, clock_timestamp() FROM placed ORDER BY project_id, position`,
);

const columns = 'position, event_id AS "eventId", part, type, user_id AS "userId", subject, data, occurred_at AS "occurredAt", traceparent';
// One statement, and so one look at the table: what is trimmed meanwhile can't leave a hole between `first` and the entries.
const read = sql(
  'project_feed.read',
  `SELECT ends.last, (SELECT position FROM project_feed WHERE project_id = $1 ORDER BY position LIMIT 1) AS first,
          coalesce((SELECT jsonb_agg(to_jsonb(page) ORDER BY page.position) FROM (
            SELECT ${columns} FROM project_feed WHERE project_id = $1 AND position > $2 AND position <= $3 AND ($4::text[] IS NULL OR type = ANY ($4)) ORDER BY position LIMIT $5) AS page), '[]') AS entries
   FROM (SELECT coalesce((SELECT last FROM project_feed_ends WHERE project_id = $1), 0) AS last) AS ends`,
);
const some = sql('project_feed.some', `SELECT ${columns} FROM project_feed WHERE project_id = $1 AND position = ANY ($2::bigint[]) ORDER BY position`);
// By position, from the first on, whatever the clock said meanwhile: what is left is whole.
const trim = sql(
  'project_feed.trim',
  `WITH old AS (
     SELECT ends.project_id, (
       SELECT max(position) FROM (SELECT position, fed_at FROM project_feed WHERE project_id = ends.project_id ORDER BY position LIMIT $2) AS oldest
       WHERE fed_at < now() - make_interval(secs => $1)) AS through
     FROM project_feed_ends ends
     WHERE (SELECT fed_at FROM project_feed WHERE project_id = ends.project_id ORDER BY position LIMIT 1) < now() - make_interval(secs => $1)
     ORDER BY 1 LIMIT 200)
   DELETE FROM project_feed f USING old WHERE f.project_id = old.project_id AND f.position <= old.through`,
);

/** All SQL of `project_feed` and `project_feed_ends`. */
@Injectable()
export class ProjectFeedRepository {
  /** Appends what is new of the entries, each at the end of its project's feed, in the given order. Nothing slow may follow in the transaction. */
  async append(tx: Transaction, entries: readonly NewFeedEntry[]): Promise<number> {
    if (entries.length === 0) return 0;
    const projectIds = [...new Set(entries.map(({ projectId }) => projectId))].sort();
    await tx.execute(begin, [projectIds]);
    await tx.query(takeTurn, [projectIds]);
    return tx.execute(append, [JSON.stringify(entries)]);
  }

  /** Entries after a position and up to another, both of which may be beyond the ends. */
  async read(on: Queryable, projectId: string, { after, through, types, limit }: { after: number; through: number; types?: readonly string[] | undefined; limit: number }): Promise<FeedSlice> {
    const [slice] = await on.query<FeedSlice>(read, [projectId, after, through, types ?? null, limit]);
    if (slice === undefined) throw new Error('a statement without a condition has found nothing');
    return { ...slice, entries: slice.entries.map((entry) => ({ ...entry, occurredAt: new Date(entry.occurredAt).toISOString() })) };
  }

  /** Those at these positions that are still kept, in order. */
  async some(on: Queryable, projectId: string, positions: readonly number[]): Promise<FeedEntry[]> {
    return on.query<FeedEntry>(some, [projectId, positions]);
  }

  /** Removes entries that are older, the oldest of some projects. @returns how many; 0 when none is left */
  async trim(on: Queryable, seconds: number, atOnce: number): Promise<number> {
    return on.execute(trim, [seconds, atOnce]);
  }
}
