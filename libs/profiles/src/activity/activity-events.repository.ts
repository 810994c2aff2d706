import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { atAnyTime } from '../events/at-any-time.js';
import { activityOf } from './activity-times.js';

/** Events of a realm whose fields are being found, or taken away, user by user. */
export interface ActivityRun {
  realmId: string;
  /** Users up to here were looked at for all of them. */
  runSeq: number;
  runUntil: number | null;
  marked: string[];
  unmarked: string[];
}

const lockName = (realmId: string) => `hashtextextended('activity events of ' || ${realmId}::text, 0)`;
const lock = sql('activity_events.lock_realm', `SELECT pg_advisory_xact_lock(${lockName('$1::uuid')})`);
const list = sql('activity_events.list', 'SELECT event, run_seq IS NOT NULL AS computing FROM activity_events WHERE realm_id = $1 AND marked ORDER BY place');

// What is marked already, and looked at or not, stays as it is but for its place.
const mark = sql(
  'activity_events.mark',
  `INSERT INTO activity_events AS a (realm_id, event, place, marked, modified_by)
   SELECT $1, given.event, given.place, true, $3 FROM unnest($2::text[]) WITH ORDINALITY AS given (event, place)
   ON CONFLICT (realm_id, event) DO UPDATE SET
     place = excluded.place, marked = true, modified_at = now(), modified_by = excluded.modified_by,
     run_seq = CASE WHEN a.marked THEN a.run_seq ELSE 0 END, run_until = CASE WHEN a.marked THEN a.run_until END
     WHERE NOT a.marked OR a.place <> excluded.place`,
);
const unmark = sql(
  'activity_events.unmark',
  'UPDATE activity_events SET marked = false, run_seq = 0, run_until = NULL, modified_at = now(), modified_by = $3 WHERE realm_id = $1 AND marked AND event <> ALL ($2::text[])',
);

const attributesNamed = sql('users.count_attributes_named', 'SELECT count(*) AS users FROM users WHERE realm_id = $1 AND hidden_by IS NULL AND attributes ?| $2::text[]');

// Whoever marks events holds the lock for as long as that takes; such a realm is passed over.
const take = sql(
  'activity_events.take_run',
  `SELECT due.realm_id AS "realmId" FROM (SELECT DISTINCT realm_id FROM activity_events WHERE run_seq IS NOT NULL) AS due
   WHERE pg_try_advisory_xact_lock(${lockName('due.realm_id')}) LIMIT 1`,
);
const under = sql(
  'activity_events.under_way',
  `SELECT min(run_seq) AS "runSeq", CASE WHEN bool_and(run_until IS NOT NULL) THEN max(run_until) END AS "runUntil",
     coalesce(array_agg(event) FILTER (WHERE marked), '{}') AS marked, coalesce(array_agg(event) FILTER (WHERE NOT marked), '{}') AS unmarked
   FROM activity_events WHERE realm_id = $1 AND run_seq IS NOT NULL HAVING count(*) > 0`,
);
const lastSeq = sql('users.last_seq', 'SELECT coalesce(max(seq), 0) AS seq FROM users WHERE realm_id = $1');
const nextUsers = sql('users.next_for_activity', 'SELECT user_id AS "userId", seq FROM users WHERE realm_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4');
const lockUsers = sql('users.lock_for_activity', 'SELECT FROM users WHERE (realm_id = $1) IS TRUE AND user_id = ANY ($2::uuid[]) ORDER BY user_id FOR NO KEY UPDATE');
const advance = sql('activity_events.advance', 'UPDATE activity_events SET run_seq = $2, run_until = $3 WHERE realm_id = $1 AND run_seq IS NOT NULL');
const finish = sql('activity_events.finish', 'UPDATE activity_events SET run_seq = NULL, run_until = NULL WHERE realm_id = $1 AND run_seq IS NOT NULL AND marked');
const drop = sql('activity_events.drop', 'DELETE FROM activity_events WHERE realm_id = $1 AND NOT marked');

// What is stored of the events is the truth, whatever stood there.
const fill = sql(
  'users.fill_activity',
  `UPDATE users u SET activity = (u.activity - $4::text[]) || coalesce(found.fields, '{}')
   FROM unnest($2::uuid[]) AS wanted (user_id) LEFT JOIN LATERAL (
     SELECT ${activityOf('span')} AS fields FROM (
       SELECT e.event, min(e.occurred_at) AS first, max(e.occurred_at) AS last FROM user_events e
       WHERE e.realm_id = $1 AND e.user_id = wanted.user_id AND ${atAnyTime('e')} AND e.event = ANY ($3::text[]) GROUP BY e.event) AS span) AS found ON true
   WHERE (u.realm_id = $1) IS TRUE AND u.user_id = wanted.user_id AND (found.fields IS NOT NULL OR u.activity ?| $4::text[])`,
);

/** All SQL of `activity_events`, but for the look that storing an event takes at them, and what a look at all users does for their sake. */
@Injectable()
export class ActivityEventsRepository {
  /** Until the end of the transaction nobody else marks events in the realm, or looks at its users for them. */
  async lock(tx: Transaction, realmId: string): Promise<void> {
    await tx.query(lock, [realmId]);
  }

  /** The marked ones, in their order. */
  async list(on: Queryable, realmId: string): Promise<{ event: string; computing: boolean }[]> {
    return on.query(list, [realmId]);
  }

  /** Marks these and no others. */
  async mark(tx: Transaction, realmId: string, events: readonly string[], actorId: string): Promise<void> {
    await tx.execute(unmark, [realmId, events, actorId]);
    await tx.execute(mark, [realmId, events, actorId]);
  }

  /** Users who have attributes of these names. */
  async countAttributes(on: Queryable, realmId: string, names: readonly string[]): Promise<number> {
    return names.length === 0 ? 0 : ((await on.query<{ users: number }>(attributesNamed, [realmId, names]))[0]?.users ?? 0);
  }

  /** A realm with work to do, locked; undefined: there is none. */
  async take(tx: Transaction): Promise<string | undefined> {
    return (await tx.query<{ realmId: string }>(take))[0]?.realmId;
  }

  /** What is under way in the realm; undefined: nothing. */
  async underWay(on: Queryable, realmId: string): Promise<ActivityRun | undefined> {
    const [run] = await on.query<Omit<ActivityRun, 'realmId'>>(under, [realmId]);
    return run === undefined ? undefined : { realmId, ...run };
  }

  async lastSeq(on: Queryable, realmId: string): Promise<number> {
    return (await on.query<{ seq: number }>(lastSeq, [realmId]))[0]!.seq;
  }

  /** The next users of a look, locked. */
  async nextUsers(tx: Transaction, realmId: string, after: number, until: number, limit: number): Promise<{ userId: string; seq: number }[]> {
    const users = await tx.query<{ userId: string; seq: number }>(nextUsers, [realmId, after, until, limit]);
    await tx.query(lockUsers, [realmId, users.map(({ userId }) => userId)]);
    return users;
  }

  /** Finds the fields of locked users in what is stored of their events, and takes from them those of events that are no longer marked. */
  async fill(tx: Transaction, { realmId, marked, unmarked }: ActivityRun, userIds: readonly string[]): Promise<void> {
    await tx.execute(fill, [realmId, userIds, marked, [...marked, ...unmarked].flatMap(profiles.activityFieldsOf)]);
  }

  async advance(tx: Transaction, realmId: string, seq: number, until: number): Promise<void> {
    await tx.execute(advance, [realmId, seq, until]);
  }

  async finish(tx: Transaction, realmId: string): Promise<void> {
    await tx.execute(finish, [realmId]);
    await tx.execute(drop, [realmId]);
  }
}
