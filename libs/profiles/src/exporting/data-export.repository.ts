import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { oneOf, sql, type Queryable } from '#libs/platform/database';
import { withShownUids } from '../users/shown-uids.js';
import { shownUid } from '../users/user-address.js';
import { profileOf, userPageColumns, type UserPageRow } from '../users/user-pages.repository.js';

export interface EventPlace {
  userId: string;
  occurredAt: string;
  seq: number;
}

export interface EventFilter {
  event?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export type ExportedEvent = profiles.TrackedEvent & EventPlace & { uid: string };

// Each user is looked up by their key in whatever else is asked for: told EXISTS, Postgres may gather all of a segment or list for each page.
// A window of the order of insertion, whoever of it is asked for: what one statement looks at does not hang on how many match.
const windowEnd = sql('users.export-window', 'SELECT max(seq) AS last, count(*)::integer AS users FROM (SELECT seq FROM users WHERE realm_id = $1 AND seq > $2 AND hidden_by IS NULL ORDER BY seq LIMIT $3) AS page');
const users = sql(
  'users.export-page',
  `SELECT ${userPageColumns} FROM users u LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
   WHERE u.realm_id = $1 AND u.seq > $2 AND u.seq <= $3 AND u.hidden_by IS NULL
     AND ($4::uuid IS NULL OR (SELECT member FROM segment_members m WHERE m.realm_id = ${oneOf('u.realm_id')} AND m.segment_id = $4 AND m.user_id = u.user_id))
     AND ($5::uuid IS NULL OR (SELECT subscribed FROM list_subscriptions s WHERE s.realm_id = ${oneOf('u.realm_id')} AND s.list_id = $5 AND s.user_id = u.user_id))
   ORDER BY u.seq`,
);
// Likewise; of months that lie outside the span not even the partitions are looked at.
const events = sql(
  'user_events.export-page',
  `WITH page AS MATERIALIZED (
     SELECT user_id, occurred_at, seq, event_id, event, value, properties FROM user_events
     WHERE realm_id = $1 AND (user_id, occurred_at, seq) > ($2::uuid, $3::timestamptz, $4::bigint)
       AND occurred_at >= coalesce(date_trunc('month', $7::timestamptz, 'UTC'), '-infinity') AND occurred_at < coalesce(date_trunc('month', $8::timestamptz, 'UTC') + interval '1 month', 'infinity')
     ORDER BY user_id, occurred_at, seq LIMIT $5)
   SELECT page.user_id AS "userId", ${shownUid('u', 'd.user_name')} AS uid, page.event_id AS id, page.event, page.value, page.properties, page.occurred_at AS timestamp, page.occurred_at AS "occurredAt", page.seq,
     u.user_id IS NOT NULL AND ($6::text IS NULL OR page.event = $6) AND ($7::timestamptz IS NULL OR page.occurred_at >= $7) AND ($8::timestamptz IS NULL OR page.occurred_at < $8) AS wanted
   FROM page LEFT JOIN LATERAL (SELECT * FROM users WHERE users.realm_id = $1 AND users.user_id = page.user_id AND users.hidden_by IS NULL OFFSET 0) AS u ON true
     LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
   ORDER BY page.user_id, page.occurred_at, page.seq`,
);

/** Walks over all users and all events of a realm. */
@Injectable()
export class DataExportRepository {
  /** @returns the users asked for among the next `limit`, and where those end; null: they were the last */
  async users(on: Queryable, realmId: string, after: number, limit: number, { segmentId, listId }: { segmentId?: string | undefined; listId?: string | undefined }): Promise<{ users: { user: profiles.Profile; seq: number }[]; last: number | null }> {
    const [end] = await on.query<{ last: number | null; users: number }>(windowEnd, [realmId, after, limit]);
    if (end!.last === null) return { users: [], last: null };
    const rows = await on.query<UserPageRow>(users, [realmId, after, end!.last, segmentId ?? null, listId ?? null]);
    const found = await withShownUids(on, rows.map(profileOf));
    return { users: rows.map(({ seq }, index) => ({ user: found[index]!, seq })), last: end!.users < limit ? null : end!.last };
  }

  /** The next `limit` events, each with whether it is asked for. */
  async events(on: Queryable, realmId: string, after: EventPlace, limit: number, { event, from, to }: EventFilter): Promise<(ExportedEvent & { wanted: boolean })[]> {
    return on.query(events, [realmId, after.userId, after.occurredAt, after.seq, limit, event ?? null, from ?? null, to ?? null]);
  }
}
