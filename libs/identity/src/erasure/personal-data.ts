/**
 * The registry of what identity holds about users. Erasing and counting are typed by it, so that a table that is added
 * here and not erased does not compile; a table that is in none of the lists fails a spec.
 */
export const personalTables = {
  login_throttles: 'failed logins for the names that the user has and on their devices, under keyed hashes',
  outgoing_mails: 'addresses that mails about the login go to, and hashes of their tokens',
  sso_links: 'who the user is at an identity provider, under keyed hashes',
  sso_codes: 'that the user is about to be logged in, for a minute',
  sessions: 'when and from where the user was logged in, and hashes of refresh tokens',
  login_names: 'the names and emails that the user logs in with',
  logins: 'user name, login email, password hash, status and last login',
} as const;
export type PersonalTable = keyof typeof personalTables;

/** What is about somebody, can't be told about whom, and goes by itself. */
export const forgetfulTables: Readonly<Record<string, string>> = {
  revocations: 'ids of sessions that ended; for an hour',
  token_uses: 'hashes of end-user tokens that were used, of no user in particular, and names of claims; for a day at the most',
  mail_throttles: 'how many mails went to addresses or were asked for, under keyed hashes, of no user in particular; for an hour at the most',
  sso_attempts: 'logins at a provider that were begun, of nobody yet, for ten minutes; secrets sealed or hashed',
  address_throttles: 'failed logins from network addresses, under keyed hashes, of no user in particular; for an hour at the most',
};

/** What is about users on its way to another service, where the erasure finds it. */
export const passingTables: Readonly<Record<string, string>> = {
  audit_entries: 'who did what to whom, and from where, until operations collects it, which is within seconds; an erasure has it collected first, and replaces ids there',
};

/** Every other table, and why it has nothing to erase. */
export const tablesWithoutPersonalData: Readonly<Record<string, string>> = {
  credentials: 'names of machine credentials, hashes of their keys; ids of actors, which name nobody once the user is erased',
  signing_keys: 'keys of the deployment',
  sdk_keys: 'public keys of projects; ids of actors, which name nobody once the user is erased',
  data_keys: 'the secret of the keys of this service, sealed under the master key',
  idempotency_keys: 'keyed hashes of requests and ids of what they made; for a day at the most',
  sso_connections: 'settings of organisations; ids of actors, which name nobody once the user is erased',
  login_days: 'how many logins a project had on which day',
  closed_places: 'ids of organisations and projects that were deleted',
  outbox: 'events carry ids, versions and names of facts only',
  inbox: 'ids of events',
  dead_letters: 'events carry ids, versions and names of facts only',
  relay_state: 'how far the outbox was relayed',
  upkeep_holds: 'which upkeep is under way',
  schema_info: 'of the schema',
  schema_migrations: 'of the schema',
};
