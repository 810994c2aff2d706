import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { addressedUser, addressParameters } from '../users/user-address.js';

// Out of sub-selects, so that the planner sees no values, and the statement keeps its plan.
const countByDay = sql(
  'user_events.count_by_day',
  `WITH owner AS MATERIALIZED (
     SELECT u.realm_id, u.user_id FROM users u WHERE u.realm_id = $1 AND u.hidden_by IS NULL AND u.user_id = ${addressedUser('$1::uuid', { userId: '(SELECT $2::uuid)', uid: '(SELECT $3::text)', uidAsId: '(SELECT $4::uuid)' })}
   ), counted AS MATERIALIZED (
     SELECT (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.event, count(*)::integer AS count
     FROM owner JOIN user_events e USING (realm_id, user_id)
     WHERE e.occurred_at >= (SELECT $5::timestamptz) AND e.occurred_at < (SELECT $6::timestamptz)
     GROUP BY 1, 2
   ), named AS (SELECT event FROM counted GROUP BY event ORDER BY sum(count) DESC, event LIMIT (SELECT $7::integer))
   SELECT EXISTS (SELECT FROM owner) AS found,
     coalesce((SELECT json_agg(json_build_object('day', day, 'event', name, 'count', total) ORDER BY day, name NULLS LAST) FROM (
       SELECT counted.day, named.event AS name, sum(counted.count)::integer AS total FROM counted LEFT JOIN named USING (event) GROUP BY 1, 2) AS days), '[]') AS days`,
);

/** How much a user did, day by day. */
@Injectable()
export class CountEventsByDay {
  constructor(private readonly database: Database) {}

  async execute({ realmId, user, from, to }: RequestOf<typeof profiles.countEventsByDay>): Promise<ResponseOf<typeof profiles.countEventsByDay>> {
    const { userId, uid, uidAsId } = addressParameters(user);
    const [row] = await this.database.query<ResponseOf<typeof profiles.countEventsByDay> & { found: boolean }>(countByDay, [realmId, userId, uid, uidAsId, from, to, profiles.mostCountedEvents]);
    if (row?.found !== true) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    return { days: row.days };
  }
}
