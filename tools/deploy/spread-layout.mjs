/** Whose rows a row is among: what rows are spread over servers by. */
export const owners = ['realm_id', 'project_id', 'organisation_id', 'place_id', 'scope_id'];

/** Tables with a key of another kind, which are on one server or, small ones, on each: docs/operating-growth.md says the same. */
export const elsewhere = {
  'of the process, not of users: events on their way, dead letters, locks, keys, schedules':
    ['outbox', 'inbox', 'relay_state', 'dead_letters', 'idempotency_keys', 'audit_entries', 'data_keys', 'upkeep_holds', 'signing_keys', 'receipt_keys', 'job_runs', 'job_schedules', 'removal_marks'],
  'of the deployment, in one order or chain': ['audit_log', 'feed', 'receipts', 'address_throttles'],
  'staff, who are in several organisations': ['members', 'directory', 'deployment_members'],
  'found by a key that a caller shows': ['credentials'],
};

/** Statements of background work, which goes through all realms in turn. No request waits for one. */
export const sweeps = {
  identity: ['login_days.trim', 'logins.release_old', 'outgoing_mails.sweep', 'sessions.drop_seals', 'sessions.sweep', 'sso_codes.sweep', 'login_throttles.sweep', 'mail_throttles.sweep', 'revocations.since', 'revocations.sweep', 'sso_links.clear_by_organisation_id', 'sso_links.count_by_organisation_id', 'token_uses.sweep'],
  profiles: ['realm_days.trim', 'segments.begin_due'],
  workers: ['erasure_users.among', 'imports.end-broken-off', 'imports.spooled'],
};

/** @param {Record<string, string[]>} keys of each table of a service @returns its tables that are spread, each with the column by whose value */
export function spreadTables(keys) {
  return Object.fromEntries(Object.entries(keys).filter(([, [first]]) => ['realm_id', 'project_id'].includes(first)).map(([table, [first]]) => [table, first]));
}
