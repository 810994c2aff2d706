import { staffRealmId, type profiles } from '#libs/contracts';
import { sql, type Queryable } from '#libs/platform/database';
import { shownUid } from './user-address.js';

// Each by its key, whatever the planner thinks of their number.
const shownUids = sql(
  'users.shown_uids',
  `SELECT u.user_id AS "userId", ${shownUid('u', 'd.user_name')} AS uid FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[])) AS given (realm_id, user_id),
     LATERAL (SELECT * FROM users own WHERE own.realm_id = given.realm_id AND own.user_id = given.user_id OFFSET 0) AS u
     LEFT JOIN LATERAL (SELECT * FROM directory known WHERE known.realm_id = u.realm_id AND known.user_id = u.user_id OFFSET 0) AS d ON true`,
);

/**
 * Users with the uid that each shows. Mostly all have an external id, and nothing is asked: in the statements that read users it would make each of them half as dear again. Of staff nobody is shown one.
 * @returns them, in their order
 */
export async function withShownUids(on: Queryable, users: profiles.Profile[]): Promise<profiles.Profile[]> {
  const unnamed = users.filter(({ externalId, realmId }) => externalId === null && realmId !== staffRealmId);
  if (unnamed.length === 0) return users;
  const rows = await on.query<{ userId: string; uid: string }>(shownUids, [unnamed.map(({ realmId }) => realmId), unnamed.map(({ userId }) => userId)]);
  const shown = new Map(rows.map(({ userId, uid }) => [userId, uid]));
  return users.map((user) => (user.externalId === null && shown.has(user.userId) ? { ...user, uid: shown.get(user.userId)! } : user));
}
