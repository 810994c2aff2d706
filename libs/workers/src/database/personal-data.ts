/**
 * The registry of what operations holds about users: in tables nothing but their ids, but for the audit trail; the mails in
 * files are erased with their rows (`erase-mails.ts`, which counts them as `mail_files`). A new table without an entry here or
 * below fails a spec. The queue's store (the schema `bullmq` here, or Redis) holds payloads of ids, and of failures only a
 * code or a kind.
 */
export const personalTables = {
  audit_log: 'who did what to whom, and from where; erased, a keyed hash stands for the id, and the address of who was erased is gone',
} as const;

/** What is about users on its way to the table above. */
export const passingTables: Readonly<Record<string, string>> = {
  audit_entries: 'as audit_log, for seconds; an erasure has it collected first',
  import_parts: 'files of users and events that are being imported, sealed; each part goes when it has been read, and an erasure waits for those that came before it',
  import_keys: 'keyed hashes of ids of users and events, while the import runs',
  import_errors: 'lines, names of fields and reasons, no values; sealed, since names of fields are the sender’s; kept for IMPORT_RETENTION',
};

/** Every other table, and why it has nothing to erase. */
export const tablesWithoutPersonalData: Readonly<Record<string, string>> = {
  data_keys: 'the secret of the keys of this service, sealed under the master key',
  erasures: 'ids of realms and of the actor who asked',
  erasure_users: 'ids of the users to be erased; they stay, since the event of a hiding may come again',
  erasure_counts: 'names of tables and counts',
  erasure_parts: 'names of services, states and counts of attempts',
  erasure_organisations: 'ids of erasures and organisations',
  receipts: 'counts, ids of realms and of actors, and keyed hashes that stand for erased users',
  receipt_keys: 'public keys of the deployment',
  removal_marks: 'names of tables and counts of changes',
  mails: 'ids, states and codes of failures; no address, no text. Removed with the user all the same, as the index of the files in `<data folder>/mail`',
  job_schedules: 'names of schedules, times, counts, codes of errors',
  job_runs: 'names of schedules, times, counts, codes of errors',
  feed: 'events carry ids, versions and names of facts; kept for 30 days',
  project_feed: 'ids, versions and names of facts; what is known of users is asked of profiles when it is read; kept for FEED_RETENTION',
  project_feed_ends: 'numbers',
  webhooks: 'addresses of systems that administrators entered, and sealed secrets',
  webhook_deliveries: 'ids, states and codes; what is sent is made when it is sent, and not kept',
  webhook_attempts: 'times, states of HTTP and codes; no word of what was answered',
  imports: 'states, counts, names of columns, and the id of the actor who asked; kept for IMPORT_RETENTION',
  idempotency_keys: 'keyed hashes of requests and ids of what they made; for a day at the most',
  outbox: 'events carry ids and versions only',
  inbox: 'ids of events',
  dead_letters: 'events carry ids and versions only',
  relay_state: 'how far the relay is',
  schema_info: 'of the schema',
  schema_migrations: 'of the schema',
};
