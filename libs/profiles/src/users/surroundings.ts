import { profiles } from '#libs/contracts';
import { oneOf, sql, type Statement, type Transaction } from '#libs/platform/database';
import { accountsOf } from '../accounts/accounts-of.js';
import { listsOf } from '../lists/lists-of.js';
import { segmentsOf } from '../segments/segments-of.js';
import type { ActivityName, FieldRule } from '../fields/field-rules.js';
import type { LockedDirectoryRecord, UserRecord } from './user-record.js';

/** What a group has to know besides the users it locked. */
export interface Surroundings {
  /** The database's time. */
  at: string;
  /** What is known outside their rows, by user id. */
  directory: Map<string, LockedDirectoryRecord>;
  /** Those of the hashes that lie under a tombstone, in hexadecimal. */
  erased: Set<string>;
  /** The declared fields among the attributes that are to be written. */
  fields: FieldRule[];
  /** Those of the touched names that are fields of marked events. */
  activity: ActivityName[];
}

// One statement, because it is one round trip. It is a statement of its own, and runs after the locks are held, because
// the one that waited for the locks saw everything but the locked rows as it was before it waited. The arrays come out of
// sub-selects, so that the planner sees no values, and the statement keeps its plan.
const read = sql(
  'users.surroundings',
  `SELECT now() AS at,
     (SELECT json_agg(json_build_object(
        'userId', locked.user_id, 'userName', d.user_name, 'isActive', coalesce(d.is_active, true), 'canLogIn', coalesce(d.can_log_in, false), 'loginVersion', coalesce(d.login_version, 0), 'roles', coalesce(d.roles, '{}'),
        'accounts', ${accountsOf('locked')}, 'lists', ${listsOf('locked')}, 'segments', ${segmentsOf('locked')}))
      FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[])) AS locked (realm_id, user_id)
        LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = locked.realm_id AND own.user_id = locked.user_id OFFSET 0) AS d ON true) AS directory,
     (SELECT json_agg(encode(t.key_hash, 'hex')) FROM unnest((SELECT $4::bytea[])) AS asked (hash),
        LATERAL (SELECT key_hash FROM tombstones WHERE realm_id = ANY (ARRAY(SELECT unnest($3::uuid[]))) AND key_hash = asked.hash AND lifted_at IS NULL OFFSET 0) AS t) AS erased,
     (SELECT json_agg(json_build_object('realmId', f.realm_id, 'name', f.name, 'type', f.type, 'sweep', f.sweep)) FROM profile_fields f WHERE f.realm_id = ANY (ARRAY(SELECT unnest($5::uuid[]))) AND f.name = ANY (ARRAY(SELECT unnest($6::text[])))) AS fields,
     (SELECT json_agg(json_build_object('realmId', a.realm_id, 'event', a.event)) FROM activity_events a WHERE a.realm_id = ANY (ARRAY(SELECT unnest($5::uuid[]))) AND a.event = ANY (ARRAY(SELECT unnest($7::text[]))) AND a.marked) AS activity`,
);

/**
 * @param hashes of the names of users that were not found
 * @param touched names of attributes that are to be written, and their realms
 */
export async function readSurroundings(
  tx: Transaction,
  locked: readonly UserRecord[],
  realmIds: readonly string[],
  hashes: readonly Buffer[],
  touched: { realmIds: readonly string[]; names: readonly string[] },
): Promise<Surroundings> {
  const [row] = await tx.query<{ at: string; directory: (LockedDirectoryRecord & { userId: string })[] | null; erased: string[] | null; fields: FieldRule[] | null; activity: ActivityName[] | null }>(read, [
    locked.map(({ realmId }) => realmId),
    locked.map(({ userId }) => userId),
    realmIds,
    hashes,
    touched.realmIds,
    touched.names,
    touched.names.flatMap((name) => profiles.activityEventOf(name) ?? []),
  ]);
  if (row === undefined) throw new Error('a SELECT without FROM gave no row');
  return { at: row.at, directory: new Map((row.directory ?? []).map((entry) => [entry.userId, entry])), erased: new Set(row.erased), fields: row.fields ?? [], activity: row.activity ?? [] };
}

/** Which names of users who are made, or of what a user takes as theirs, turn out to have been somebody's. */
export interface SpentNames {
  /** The hashes that lie under a tombstone, in hexadecimal. */
  erased: Set<string>;
  /** The names that were those of somebody who was merged, and whom they mean since. */
  merged: MergedName[];
}

interface MergedName {
  realmId: string;
  externalId: string;
  userId: string;
}

export interface SpentNamesRow {
  erased: string[] | null;
  merged: MergedName[] | null;
}

export type SpentNamesQuery = readonly [Statement, readonly unknown[]];

// Names as they are looked for one by one, whatever the planner thinks of their number.
const spent = sql(
  'users.spent_names',
  `SELECT
     (SELECT json_agg(encode(t.key_hash, 'hex')) FROM unnest((SELECT $2::bytea[])) AS asked (hash),
        LATERAL (SELECT key_hash FROM tombstones WHERE realm_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND key_hash = asked.hash AND lifted_at IS NULL OFFSET 0) AS t) AS erased,
     (SELECT json_agg(json_build_object('realmId', alias.realm_id, 'externalId', alias.uid, 'userId', alias.user_id)) FROM unnest((SELECT $3::uuid[]), (SELECT $4::text[])) AS asked (realm_id, uid),
        LATERAL (SELECT * FROM user_aliases own WHERE own.realm_id = ${oneOf('asked.realm_id')} AND own.uid = asked.uid OFFSET 0) AS alias) AS merged`,
);

/**
 * Reads `SpentNames`, as one row.
 * @param hashes under which tombstones of theirs would lie
 * @param names that those who have one go by
 */
export function spentNamesQuery(realmIds: readonly string[], hashes: readonly Buffer[], names: readonly { realmId: string; externalId: string }[]): SpentNamesQuery {
  return [spent, [realmIds, hashes, names.map(({ realmId }) => realmId), names.map(({ externalId }) => externalId)]];
}

export function spentNames([row]: readonly SpentNamesRow[]): SpentNames {
  if (row === undefined) throw new Error('a SELECT without FROM gave no row');
  return { erased: new Set(row.erased), merged: row.merged ?? [] };
}
