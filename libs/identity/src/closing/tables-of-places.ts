import type { identity } from '#libs/contracts';
import { someRows, sql, type Statement } from '#libs/platform/database';

/** Rows of a table that belong to an organisation or a project. `$1`: its id, `$2`: about how many at a time. */
export interface TableOfPlaces {
  readonly table: string;
  readonly clear: Statement;
  readonly count: Statement;
}

function rowsOf(table: string, column: string): TableOfPlaces {
  return {
    table,
    clear: sql(`${table}.clear_by_${column}`, `DELETE FROM ${table} WHERE ${someRows(table, `${column} = $1`, '$2')}`),
    count: sql(`${table}.count_by_${column}`, `SELECT count(*) AS remains FROM ${table} WHERE ${column} = $1`),
  };
}

/** What goes with an organisation or a project. A table with such a column that is not here fails a spec. */
export const tablesOfPlaces: Readonly<Record<identity.ClosedPlace['level'], readonly TableOfPlaces[]>> = {
  // Logins go as in an erasure, before these; here it is seen that they are gone.
  project: [...['credentials', 'sdk_keys', 'token_uses'].map((table) => rowsOf(table, 'project_id')), ...['login_throttles', 'outgoing_mails', 'mail_throttles', 'sessions', 'login_names', 'logins', 'login_days'].map((table) => rowsOf(table, 'realm_id'))],
  organisation: ['credentials', 'sso_attempts', 'sso_links', 'sso_connections'].map((table) => rowsOf(table, 'organisation_id')),
};

/** Tables with such a column whose rows stay, and why. */
export const staysOfPlaces: Readonly<Record<string, string>> = {
  revocations: 'goes by itself within an hour, and is what has gateways refuse the tokens until then',
  sso_codes: 'of staff, for a minute',
  audit_entries: 'on their way to the trail, which outlives what it tells of',
  closed_places: 'what says that it is gone',
};
