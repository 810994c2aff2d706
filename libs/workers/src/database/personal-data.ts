/**
 * The registry of what operations holds about users: nothing but their ids, in no table. A new table without an entry here
 * fails a spec. The queue's store (the schema `bullmq` here, or Redis) holds payloads of ids, and of failures only a code
 * or a kind.
 */
export const tablesWithoutPersonalData: Readonly<Record<string, string>> = {
  erasures: 'ids of realms and of the actor who asked; a receipt holds counts',
  erasure_users: 'ids of the users to be erased; they stay, since the event of a hiding may come again',
  erasure_counts: 'names of tables and counts',
  feed: 'events carry ids, versions and names of facts; kept for 30 days',
  outbox: 'events carry ids and versions only',
  inbox: 'ids of events',
  dead_letters: 'events carry ids and versions only',
  relay_state: 'how far the relay is',
  schema_info: 'of the schema',
  schema_migrations: 'of the schema',
};
