import { Injectable } from '@nestjs/common';
import type { profiles, Scalar } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { activityOf, withActivity } from '../activity/activity-times.js';
import { addressedUser, addressParameters } from '../users/user-address.js';

/** A user whose events are to be written. */
export interface EventOwner {
  /** Which of the addresses it was found by. */
  place: number;
  realmId: string;
  userId: string;
  /** The database's time. */
  at: string;
  /** Has done nothing yet today, by the database's clock: what they do now makes them one more who is active. */
  isFirstOfDay: boolean;
}

export interface EventToStore {
  realmId: string;
  userId: string;
  eventId: string;
  event: string;
  value: Scalar | null;
  properties: Record<string, Scalar>;
  /** Null: now. */
  occurredAt: string | null;
}

/** A page's place in a time line: what comes after (is older than) an event. */
export interface EventPosition {
  occurredAt: string;
  seq: number;
}

export interface EventFilter {
  event: string | undefined;
  /** Inclusive. */
  from: string | undefined;
  /** Exclusive. */
  to: string | undefined;
}

export type StoredUserEvent = profiles.TrackedEvent & { seq: number };

// Locked like this, a user is neither hidden nor erased before their events are committed. In the order of ids, so that
// two groups never wait for each other. One row with columns as arrays: rows are read at some ten times the cost.
const lockOwners = sql(
  'user_events.lock_owners',
  `SELECT now() AS at, coalesce(json_agg(found.place), '[]') AS places, json_agg(found.user_id) AS "userIds", json_agg(locked.last_seen_at IS NULL OR locked.last_seen_at < today.began) AS "firstsOfDay" FROM (
     SELECT wanted.place, wanted.realm_id, ${addressedUser('wanted.realm_id', { userId: 'wanted.user_id', uid: 'wanted.uid', uidAsId: 'wanted.uid_as_id' })} AS user_id
     FROM (SELECT (place - 1)::integer AS place, realm_id::uuid, user_id::uuid, uid, uid_as_id::uuid
           FROM ROWS FROM (json_array_elements_text($1::json), json_array_elements_text($2::json), json_array_elements_text($3::json), json_array_elements_text($4::json)) WITH ORDINALITY AS given (realm_id, user_id, uid, uid_as_id, place)) AS wanted
     ORDER BY 2, 3) AS found,
   LATERAL (SELECT u.last_seen_at FROM users u WHERE u.realm_id = found.realm_id AND u.user_id = found.user_id AND u.hidden_by IS NULL FOR NO KEY UPDATE) AS locked,
   (SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS began) AS today`,
);

// The id table decides whether an event is new; only what it lets through is stored and counts as a sign of life, and,
// where the project marked its name, among the user's activity. Nobody else writes ids of these users meanwhile, so their order is of no account. Columns come as arrays: objects are read at thrice the cost.
const storeEvents = sql(
  'user_events.store',
  `WITH given AS MATERIALIZED (
     SELECT (place - 1)::integer AS place, realm_id::uuid, user_id::uuid, event_id, event, nullif(value::text, 'null')::jsonb AS value, properties::jsonb, coalesce(occurred_at::timestamptz, date_trunc('milliseconds', now())) AS occurred_at
     FROM ROWS FROM (json_array_elements_text($1::json), json_array_elements_text($2::json), json_array_elements_text($3::json), json_array_elements_text($4::json),
       json_array_elements($5::json), json_array_elements_text($6::json), json_array_elements_text($7::json)) WITH ORDINALITY AS columns (realm_id, user_id, event_id, event, value, properties, occurred_at, place)
   ), fresh AS (
     INSERT INTO event_ids (realm_id, user_id, event_id)
     SELECT realm_id, user_id, event_id FROM given
     ON CONFLICT DO NOTHING
     RETURNING realm_id, user_id, event_id
   ), stored AS (
     INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event, value, properties)
     SELECT realm_id, user_id, given.occurred_at, event_id, given.event, given.value, given.properties
     FROM given JOIN fresh USING (realm_id, user_id, event_id)
     ORDER BY given.place
     RETURNING realm_id, user_id, event, occurred_at
   ), marks AS MATERIALIZED (
     SELECT a.realm_id, a.event FROM (SELECT DISTINCT realm_id, event FROM given) AS named JOIN activity_events a ON a.realm_id = named.realm_id AND a.event = named.event WHERE a.marked
   ), seen AS (
     UPDATE users u SET first_seen_at = least(u.first_seen_at, span.first), last_seen_at = greatest(u.last_seen_at, span.last),
       activity = CASE WHEN span.fields IS NULL THEN u.activity ELSE ${withActivity('u.activity', 'span.fields')} END
     FROM (
       SELECT realm_id, user_id, min(done.first) AS first, max(done.last) AS last, ${activityOf('done', 'done.marked')} AS fields FROM (
         SELECT stored.realm_id, stored.user_id, stored.event, min(stored.occurred_at) AS first, max(stored.occurred_at) AS last, bool_or(marks.event IS NOT NULL) AS marked
         FROM stored LEFT JOIN marks ON marks.realm_id = stored.realm_id AND marks.event = stored.event
         GROUP BY stored.realm_id, stored.user_id, stored.event) AS done
       GROUP BY realm_id, user_id) AS span
     WHERE u.realm_id = span.realm_id AND u.user_id = span.user_id
       AND (u.first_seen_at IS NULL OR u.first_seen_at > span.first OR u.last_seen_at < span.last OR span.fields IS NOT NULL)
   )
   SELECT place FROM given WHERE NOT EXISTS (SELECT FROM fresh WHERE fresh.realm_id = given.realm_id AND fresh.user_id = given.user_id AND fresh.event_id = given.event_id)`,
);

export const listEventsStatement = sql(
  'user_events.list',
  `SELECT u.user_id AS "userId", page.* FROM users u
   LEFT JOIN LATERAL (
     SELECT e.event_id AS id, e.event, e.value, e.properties, e.occurred_at AS timestamp, e.seq FROM user_events e
     WHERE e.realm_id = u.realm_id AND e.user_id = u.user_id
       AND ($5::text IS NULL OR e.event = $5)
       AND e.occurred_at >= coalesce($6::timestamptz, '-infinity') AND e.occurred_at < coalesce($7::timestamptz, 'infinity')
       AND e.occurred_at <= coalesce($8::timestamptz, 'infinity') AND (e.occurred_at, e.seq) < (coalesce($8::timestamptz, 'infinity'), coalesce($9::bigint, 0))
     ORDER BY e.occurred_at DESC, e.seq DESC
     LIMIT $10) AS page ON true
   WHERE u.realm_id = $1 AND u.hidden_by IS NULL AND u.user_id = ${addressedUser('$1::uuid', { userId: '$2::uuid', uid: '$3::text', uidAsId: '$4::uuid' })}`,
);

/** All SQL of `user_events` and `event_ids`, but for their erasure. */
@Injectable()
export class EventsRepository {
  /** Locks the users that the addresses mean; an address that means nobody is left out. */
  async lockOwners(tx: Transaction, addresses: readonly { realmId: string; user: profiles.UserAddress }[]): Promise<EventOwner[]> {
    const wanted = addresses.map(({ user }) => addressParameters(user));
    const [locked] = await tx.query<{ at: string; places: number[]; userIds: string[]; firstsOfDay: boolean[] }>(lockOwners, [
      column(addresses, ({ realmId }) => realmId), column(wanted, ({ userId }) => userId), column(wanted, ({ uid }) => uid), column(wanted, ({ uidAsId }) => uidAsId),
    ]);
    if (locked === undefined) throw new Error('a statement without a condition has found nothing');
    const { at, places, userIds, firstsOfDay } = locked;
    return places.map((place, index) => ({ place, realmId: addresses[place]!.realmId, userId: userIds[index]!, at, isFirstOfDay: firstsOfDay[index]! }));
  }

  /**
   * Stores events of locked users, and when each was first and last seen.
   * @param events no two with the same id of the same user
   * @returns places of those that were stored before
   */
  async store(tx: Transaction, events: readonly EventToStore[]): Promise<Set<number>> {
    if (events.length === 0) return new Set();
    const known = await tx.query<{ place: number }>(storeEvents, [
      column(events, ({ realmId }) => realmId), column(events, ({ userId }) => userId), column(events, ({ eventId }) => eventId), column(events, ({ event }) => event),
      column(events, ({ value }) => value), column(events, ({ properties }) => properties), column(events, ({ occurredAt }) => occurredAt),
    ]);
    return new Set(known.map(({ place }) => place));
  }

  /** @returns undefined when there is no such user */
  async list(on: Queryable, realmId: string, address: profiles.UserAddress, filter: EventFilter, after: EventPosition | undefined, limit: number): Promise<StoredUserEvent[] | undefined> {
    const { userId, uid, uidAsId } = addressParameters(address);
    const rows = await on.query<StoredUserEvent & { id: string | null }>(listEventsStatement, [
      realmId, userId, uid, uidAsId, filter.event ?? null, filter.from ?? null, filter.to ?? null, after?.occurredAt ?? null, after?.seq ?? null, limit,
    ]);
    return rows.length === 0 ? undefined : rows.filter(({ id }) => id !== null);
  }
}

/** One value of each row, as one parameter. */
function column<Row>(rows: readonly Row[], value: (row: Row) => unknown): string {
  return JSON.stringify(rows.map(value));
}
