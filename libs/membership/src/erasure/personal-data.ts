import { sql, type Statement } from '#libs/platform/database';

/**
 * The registry of what membership holds about users, and how it is erased. A new table without an entry here or below
 * fails a spec. In the order of erasure: grants before the row they refer to.
 *
 * Columns called `created_by` and `modified_by`, in any table, hold the ids of actors and stay: an id names nobody once
 * profiles and identity have erased who it was, and what somebody set up outlives them. Erasure counts rows about a user,
 * not rows by one.
 */
export interface PersonalTable {
  readonly table: string;
  readonly holds: string;
  /** `$1`: user ids. The rows touched are what the receipt counts. */
  readonly erase: Statement;
  /** `$1`: user ids. Answers one row, `{ remains }`. */
  readonly count: Statement;
}

function grants(table: string, holds: string): PersonalTable {
  return {
    table,
    holds,
    erase: sql(`${table}.erase`, `DELETE FROM ${table} WHERE user_id = ANY($1::uuid[])`),
    count: sql(`${table}.count-remains`, `SELECT count(*)::int AS remains FROM ${table} WHERE user_id = ANY($1::uuid[])`),
  };
}

export const personalTables: readonly PersonalTable[] = [
  grants('listings', 'who appears in which list, with names and emails to sort and search by'),
  grants('directory', 'names and emails of those who have roles'),
  grants('deployment_members', 'the roles that users hold in the deployment'),
  grants('organisation_members', 'the roles and the status that users have in organisations'),
  grants('team_members', 'the roles that users hold in teams'),
  grants('project_members', 'the roles that users hold in projects'),
  grants('invitations', 'the addresses that users were invited by, and what to'),
  {
    table: 'members',
    holds: 'one row a user; erased, it is a tombstone of the id alone, so that a role granted late finds it',
    erase: sql('members.erase', `UPDATE members SET erased_at = now(), left_organisation_id = NULL, invitation_mails = '{}' WHERE user_id = ANY($1::uuid[]) AND erased_at IS NULL`),
    count: sql('members.count-remains', 'SELECT count(*)::int AS remains FROM members WHERE user_id = ANY($1::uuid[]) AND erased_at IS NULL'),
  },
];

/** What is about users on its way to another service, where the erasure finds it. */
export const passingTables: Readonly<Record<string, string>> = {
  audit_entries: 'who did what to whom, and from where, until operations collects it, which is within seconds; an erasure has it collected first, and replaces ids there',
};

/** Every other table, and why it has nothing to erase. */
export const tablesWithoutPersonalData: Readonly<Record<string, string>> = {
  organisations: 'names of organisations; ids of actors',
  teams: 'names of teams; ids of actors',
  projects: 'names, metadata and settings of projects; ids of actors',
  project_roles: 'names and permissions of roles; ids of actors',
  data_keys: 'the secret of the keys of this service, sealed under the master key',
  idempotency_keys: 'keyed hashes of requests and ids of what they made; for a day at the most',
  outbox: 'events carry ids and versions only',
  inbox: 'ids of events',
  dead_letters: 'events carry ids and versions only',
  relay_state: 'how far the relay is',
  upkeep_holds: 'which upkeep is under way',
  schema_info: 'of the schema',
  schema_migrations: 'of the schema',
};
