import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Happening } from './happenings.js';

/** Entries of one event as they are put into a feed: one for each user, or one. */
export interface NewFeedEntries extends Happening {
  eventId: string;
  /** Of the first of them. */
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
// A statement of its own after the lock: it sees what others have appended while this one waited. All that an event tells a
// project is appended in one, so where its first entry is, all are. Each is looked up by its key: told NOT EXISTS, Postgres reads the whole of a feed that has
// some thousand entries. Columns come as arrays: objects are read at thrice the cost.
const append = sql(
  'project_feed.append',
  `WITH new AS (
     SELECT *, coalesce(sum(entries) OVER (PARTITION BY project_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM (
       SELECT project_id::uuid, event_id::uuid, part::integer, type, user_ids, greatest(json_array_length(user_ids), 1) AS entries, subject, data::jsonb, occurred_at::timestamptz, traceparent, place
       FROM ROWS FROM (json_array_elements_text($1::json), json_array_elements_text($2::json), json_array_elements_text($3::json), json_array_elements_text($4::json), json_array_elements($5::json),
         json_array_elements_text($6::json), json_array_elements_text($7::json), json_array_elements_text($8::json), json_array_elements_text($9::json))
         WITH ORDINALITY AS given (project_id, event_id, part, type, user_ids, subject, data, occurred_at, traceparent, place)
       WHERE (SELECT true FROM project_feed f WHERE f.project_id = given.project_id::uuid AND f.event_id = given.event_id::uuid AND f.part = given.part::integer) IS NULL) AS unknown),
   moved AS (
     UPDATE project_feed_ends ends SET last = ends.last + added.entries FROM (SELECT project_id, sum(entries) AS entries FROM new GROUP BY project_id) AS added
     WHERE ends.project_id = added.project_id)
   INSERT INTO project_feed (project_id, position, event_id, part, type, user_id, subject, data, occurred_at, traceparent, fed_at)
   SELECT new.project_id, ends.last + new.before + coalesce(nth, 1), new.event_id, new.part + coalesce(nth - 1, 0), new.type, about.user_id::uuid, coalesce(about.user_id, new.subject),
          CASE WHEN about.user_id IS NULL THEN new.data WHEN new.data = '{}' THEN jsonb_build_object('user_id', about.user_id) ELSE new.data || jsonb_build_object('user_id', about.user_id) END,
          new.occurred_at, new.traceparent, clock_timestamp()
   FROM new JOIN project_feed_ends ends USING (project_id) LEFT JOIN LATERAL json_array_elements_text(new.user_ids) WITH ORDINALITY AS about (user_id, nth) ON true
   ORDER BY new.project_id, 2`,
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
  async append(tx: Transaction, entries: readonly NewFeedEntries[]): Promise<number> {
    if (entries.length === 0) return 0;
    const projectIds = [...new Set(entries.map(({ projectId }) => projectId))].sort();
    tx.send(begin, [projectIds]);
    tx.send(takeTurn, [projectIds]);
    const column = (value: (entry: NewFeedEntries) => unknown) => JSON.stringify(entries.map(value));
    return tx.execute(append, [
      column(({ projectId }) => projectId), column(({ eventId }) => eventId), column(({ part }) => part), column(({ type }) => type), column(({ userIds }) => userIds),
      column(({ subject }) => subject), column(({ data }) => data), column(({ occurredAt }) => occurredAt), column(({ traceparent }) => traceparent),
    ]);
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
