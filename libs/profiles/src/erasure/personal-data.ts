import { sql, type Statement } from '#libs/platform/database';

/**
 * The registry of what profiles holds about users, and how it is erased. A new table without an entry here or below
 * fails a spec.
 *
 * What outlives a user: ids of actors in `created_by` and `modified_by` of others, and names of attributes in the outbox
 * for as long as it keeps its rows.
 */
export interface PersonalTable {
  readonly table: string;
  readonly holds: string;
  /** `$1`: realm, `$2`: user ids, `$3`: rows at the most. The rows touched are what the receipt counts. */
  readonly erase: Statement;
  /** `$1`: realm, `$2`: user ids. Answers one row, `{ remains }`. */
  readonly count: Statement;
}

function rowsOfUsers(table: string, holds: string): PersonalTable {
  return {
    table,
    holds,
    // A row's place is only unique within a partition.
    erase: sql(
      `${table}.erase`,
      `DELETE FROM ${table} WHERE (tableoid, ctid) IN (SELECT tableoid, ctid FROM ${table} WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) LIMIT $3) AND realm_id = $1 AND user_id = ANY ($2::uuid[])`,
    ),
    count: sql(`${table}.count_remains`, `SELECT count(*) AS remains FROM ${table} WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])`),
  };
}

/** Who is in which account: an erased account's members are in its rows too. */
const accountMembers: PersonalTable = {
  table: 'account_members',
  holds: 'who is in which account, with a role',
  erase: sql(
    'account_members.erase',
    'DELETE FROM account_members WHERE ctid IN (SELECT ctid FROM account_members WHERE realm_id = $1 AND (user_id = ANY ($2::uuid[]) OR account_id = ANY ($2::uuid[])) LIMIT $3) AND realm_id = $1',
  ),
  count: sql('account_members.count_remains', 'SELECT count(*) AS remains FROM account_members WHERE realm_id = $1 AND (user_id = ANY ($2::uuid[]) OR account_id = ANY ($2::uuid[]))'),
};

/** In the order of erasure: the user last, so that a run that was cut short is seen to be one. */
export const personalTables: readonly PersonalTable[] = [
  rowsOfUsers('user_events', 'what users did, with properties'),
  rowsOfUsers('event_ids', 'the ids of those events, which clients choose'),
  accountMembers,
  rowsOfUsers('list_subscriptions', 'which lists users are on or have left'),
  rowsOfUsers('segment_members', 'which segments users are in'),
  rowsOfUsers('user_aliases', 'uids of users who were merged into this one'),
  rowsOfUsers('directory', 'user names, status and roles; what users are sorted and searched by: names, email, phone'),
  rowsOfUsers('users', 'the profile: names, email, phone, notes, place, attributes, preferences, devices, activity'),
];

/** What is about users on its way to another service, where the erasure finds it. */
export const passingTables: Readonly<Record<string, string>> = {
  audit_entries: 'who did what to whom, and from where, until operations collects it, which is within seconds; an erasure has it collected first, and replaces ids there',
};

/** Every other table, and why it has nothing to erase. */
export const tablesWithoutPersonalData: Readonly<Record<string, string>> = {
  tombstones: 'keyed hashes of names, and ids of users and erasures',
  user_counts: 'how many users a project has',
  profile_fields: 'names, types and labels of custom fields; ids of who declared them',
  activity_events: 'names of events that a project marked; ids of who marked them',
  lists: 'names of lists; ids of who made them',
  segments: 'names and rules of segments; ids of who made them',
  idempotency_keys: 'keyed hashes of requests and ids of what they made; for a day at the most',
  outbox: 'events carry ids, versions and names of facts only',
  inbox: 'ids of events',
  dead_letters: 'events carry ids, versions and names of facts only',
  relay_state: 'how far the outbox was relayed',
  schema_info: 'of the schema',
  schema_migrations: 'of the schema',
};
