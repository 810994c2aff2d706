import { someRows, sql, type Statement } from '#libs/platform/database';

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
  /** `$1`: realm, `$2`: user ids, `$3`: about how many rows at a time; again until there are none. The rows touched are what the receipt counts. */
  readonly erase: Statement;
  /** `$1`: realm, `$2`: user ids. Answers one row, `{ remains }`. */
  readonly count: Statement;
}

const ofUsers = 'realm_id = $1 AND user_id = ANY ($2::uuid[])';

/** Of tables that have few rows of each user. */
function rowsOfUsers(table: string, holds: string): PersonalTable {
  return {
    table,
    holds,
    erase: sql(`${table}.erase`, `DELETE FROM ${table} WHERE realm_id = $1 AND user_id = ANY (ARRAY(SELECT user_id FROM ${table} WHERE ${ofUsers} LIMIT $3))`),
    count: countOfUsers(table),
  };
}

function countOfUsers(table: string): Statement {
  return sql(`${table}.count_remains`, `SELECT count(*) AS remains FROM ${table} WHERE ${ofUsers}`);
}

/**
 * Of tables that have any number of rows of a user: one user at a time, in slices of the primary key's order. Rows found
 * first and joined to the table would be cheaper to write down; but without statistics of these columns the planner takes
 * the product of both.
 * @param key what follows realm and user in the primary key
 */
function manyRowsOfUsers(table: string, holds: string, key: readonly string[]): PersonalTable {
  const user = `(SELECT asked FROM unnest($2::uuid[]) AS asked WHERE (SELECT true FROM ${table} WHERE realm_id = $1 AND user_id = asked LIMIT 1) ORDER BY asked LIMIT 1)`;
  const slice = `SELECT ${key.join(', ')} FROM ${table} WHERE realm_id = $1 AND user_id = ${user} ORDER BY ${key.join(', ')} LIMIT $3`;
  return {
    table,
    holds,
    count: countOfUsers(table),
    erase: sql(
      `${table}.erase`,
      `DELETE FROM ${table} WHERE realm_id = $1 AND user_id = ${user}
         AND (${key.join(', ')}) <= (SELECT ${key.join(', ')} FROM (${slice}) AS slice ORDER BY ${key.map((column) => `${column} DESC`).join(', ')} LIMIT 1)`,
    ),
  };
}

/** Who is in which account: an erased account's members are in its rows too. */
const accountMembers: PersonalTable = {
  table: 'account_members',
  holds: 'who is in which account, with a role',
  erase: sql(
    'account_members.erase',
    `DELETE FROM account_members WHERE ${someRows('account_members', 'realm_id = $1 AND (user_id = ANY ($2::uuid[]) OR account_id = ANY ($2::uuid[]))', '$3')}`,
  ),
  count: sql('account_members.count_remains', 'SELECT count(*) AS remains FROM account_members WHERE realm_id = $1 AND (user_id = ANY ($2::uuid[]) OR account_id = ANY ($2::uuid[]))'),
};

/**
 * Found by the index of users alone. Which of them go is hashed (hence the number that the planner knows), and not joined: without statistics it would take the
 * product of both.
 */
const idsOfUsers = '(realm_id = $1) IS TRUE AND user_id = ANY ($2::uuid[])';
const eventIds: PersonalTable = {
  table: 'event_ids',
  holds: 'the ids of those events, which clients choose',
  erase: sql(
    'event_ids.erase',
    `DELETE FROM event_ids WHERE ${idsOfUsers}
       AND ((user_id, event_id) IN (SELECT user_id, event_id FROM (SELECT user_id, event_id FROM event_ids WHERE ${idsOfUsers} LIMIT 20000) AS found LIMIT $3)) IS TRUE`,
  ),
  count: sql('event_ids.count_remains', 'SELECT coalesce(sum((SELECT count(*) FROM event_ids WHERE realm_id = $1 AND user_id = asked)), 0)::bigint AS remains FROM unnest($2::uuid[]) AS asked'),
};

/** In the order of erasure: the user last, so that a run that was cut short is seen to be one. */
export const personalTables: readonly PersonalTable[] = [
  manyRowsOfUsers('user_events', 'what users did, with properties', ['occurred_at', 'seq']),
  eventIds,
  accountMembers,
  rowsOfUsers('list_subscriptions', 'which lists users are on or have left'),
  rowsOfUsers('segment_members', 'which segments users are in'),
  rowsOfUsers('user_aliases', 'uids of users who were merged into this one'),
  rowsOfUsers('attribute_entries', 'hashes of attributes and their values'),
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
  realm_days: 'how many users a project had, and how many events, on which day',
  profile_fields: 'names, types and labels of custom fields; ids of who declared them',
  activity_events: 'names of events that a project marked; ids of who marked them',
  lists: 'names of lists; ids of who made them',
  segments: 'names and rules of segments; ids of who made them',
  data_keys: 'the secret of the keys of this service, sealed under the master key',
  idempotency_keys: 'keyed hashes of requests and ids of what they made; for a day at the most',
  closed_realms: 'ids of projects that were deleted',
  outbox: 'events carry ids, versions and names of facts only',
  inbox: 'ids of events',
  dead_letters: 'events carry ids, versions and names of facts only',
  relay_state: 'how far the outbox was relayed',
  upkeep_holds: 'which upkeep is under way',
  schema_info: 'of the schema',
  schema_migrations: 'of the schema',
};
