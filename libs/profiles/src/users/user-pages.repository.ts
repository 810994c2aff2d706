import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Queryable } from '#libs/platform/database';
import { accountsOf } from '../accounts/accounts-of.js';
import { listsOf } from '../lists/lists-of.js';
import { segmentsOf } from '../segments/segments-of.js';
import { withShownUids } from './shown-uids.js';
import { directoryOf, toProfile, type DirectoryRecord, type UserRecord } from './user-record.js';
import { userColumns } from './users.repository.js';

/** What `userPageColumns` give of `users` u and `directory` d. */
export type UserPageRow = UserRecord & { [K in keyof DirectoryRecord]: DirectoryRecord[K] | null } & { seq: number };

const ownColumns = `${userColumns}, u.seq, d.user_name AS "userName", d.is_active AS "isActive", d.can_log_in AS "canLogIn", d.roles`;
export const userPageColumns = `${ownColumns}, ${accountsOf('u')} AS accounts, ${listsOf('u')} AS lists, ${segmentsOf('u')} AS segments`;

/**
 * Columns of `users` u and `directory` d for users whose ids are at hand. Mostly nobody is in any account, list or segment: that is found out for all
 * users at once, in a tenth of the time that asking for each takes.
 * @param realms SQL of a condition about `one.realm_id` @param ids SQL of an array
 */
export function columnsOfSome(realms: string, ids: string): string {
  const where = (table: string, one: string) => `CASE WHEN u.user_id = ANY (ARRAY(SELECT one.user_id FROM ${table} one WHERE ${realms} AND one.user_id = ANY (${ids}))) THEN ${one} ELSE '[]' END`;
  return `${ownColumns}, ${where('account_members', accountsOf('u'))} AS accounts, ${where('list_subscriptions', listsOf('u'))} AS lists, ${where('segment_members', segmentsOf('u'))} AS segments`;
}

/** Pages by the order of insertion, which never changes: `created_at` is the client's. Served by `users_seq_idx`, at any depth. */
// The page first, then what is known of its users: whatever the planner knows of the other tables, it is a page of them.
// The parameters come out of sub-selects, so that the planner sees no values, and the statement keeps its plan.
export const newestUsers = sql(
  'users.newest',
  `SELECT ${userPageColumns}
   FROM (SELECT * FROM users WHERE realm_id = (SELECT $1::uuid) AND seq < (SELECT $2::bigint) AND hidden_by IS NULL ORDER BY seq DESC LIMIT (SELECT $3::integer)) u
     LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
   ORDER BY u.seq DESC`,
);

// Pages of a segment by the same order: what is found is what is read, however few of the users are in it.
const newestMembers = sql(
  'users.newest_members',
  `SELECT ${userPageColumns} FROM (
     SELECT own.* FROM segment_members m, LATERAL (SELECT * FROM users WHERE users.realm_id = m.realm_id AND users.user_id = m.user_id AND users.hidden_by IS NULL OFFSET 0) AS own
     WHERE m.realm_id = (SELECT $1::uuid) AND m.segment_id = (SELECT $4::uuid) AND m.user_seq < (SELECT $2::bigint) AND m.member ORDER BY m.user_seq DESC LIMIT (SELECT $3::integer)) u
     LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
   ORDER BY u.seq DESC`,
);

/** Out of sub-selects, too: the planner estimates them alike each time. */
const [realm, ids] = ['(SELECT $1::uuid)', 'ARRAY(SELECT unnest($2::uuid[]))'];
const byIds = sql(
  'users.by_ids',
  `SELECT ${columnsOfSome(`one.realm_id = ${realm}`, ids)}
   FROM users u LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
   WHERE (u.realm_id = ${realm}) IS TRUE AND u.user_id = ANY (${ids}) AND u.hidden_by IS NULL`,
);

/** The greatest `seq` there can be: before the first page. */
export const beforeAll = '9223372036854775807';

/** All SQL of `users` about many users. */
@Injectable()
export class UserPagesRepository {
  /** @param before the `seq` of the last user of the page before */
  async newest(on: Queryable, realmId: string, before: number | undefined, limit: number, segmentId?: string): Promise<{ user: profiles.Profile; seq: number }[]> {
    const place = [realmId, before ?? beforeAll, limit];
    const rows = segmentId === undefined ? await on.query<UserPageRow>(newestUsers, place) : await on.query<UserPageRow>(newestMembers, [...place, segmentId]);
    const users = await withShownUids(on, rows.map(profileOf));
    return rows.map(({ seq }, index) => ({ user: users[index]!, seq }));
  }

  async byIds(on: Queryable, realmId: string, userIds: readonly string[]): Promise<profiles.Profile[]> {
    return withShownUids(on, (await on.query<UserPageRow>(byIds, [realmId, userIds])).map(profileOf));
  }
}

export function profileOf(row: UserPageRow): profiles.Profile {
  return toProfile(row, directoryOf(row));
}
