import { Injectable } from '@nestjs/common';
import type { Actor, TableCounts } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** What is known of an erasure when it is ordered. */
export interface ErasureOrder {
  realmId: string;
  erasureId: string;
  userIds: readonly string[];
  /** Whose staff they are; none of users of a project. */
  organisationIds: readonly string[];
  requestedBy: string;
  requestedByType: Actor['type'];
  /** ISO 8601; absent: now, by the database's clock. */
  requestedAt?: string;
  requestId: string;
}

export interface ErasureKey {
  realmId: string;
  erasureId: string;
}

/** An erasure that should have a job. */
export interface WaitingErasure extends ErasureRow {
  /** Nothing has begun for far longer than the queue waits between two attempts. */
  isStuck: boolean;
}

export interface ErasureRow extends ErasureKey {
  state: 'scheduled' | 'running' | 'done' | 'failed';
  requestedBy: string;
  requestedByType: Actor['type'];
  requestedAt: string;
  finishedAt: string | null;
  requestId: string;
  attempts: number;
}

const columns = `realm_id AS "realmId", erasure_id AS "erasureId", state, requested_by AS "requestedBy", requested_by_type AS "requestedByType", requested_at AS "requestedAt", finished_at AS "finishedAt", request_id AS "requestId", attempts`;

const insert = sql(
  'erasures.insert',
  `INSERT INTO erasures (realm_id, erasure_id, requested_by, requested_at, request_id, requested_by_type) VALUES ($1, $2, $3, coalesce($4::timestamptz, now()), $5, $6)
   ON CONFLICT ON CONSTRAINT erasures_pkey DO NOTHING`,
);
const insertUsers = sql(
  'erasure_users.insert',
  'INSERT INTO erasure_users (realm_id, erasure_id, user_id) SELECT DISTINCT $1::uuid, $2::uuid, unnest($3::uuid[]) ON CONFLICT ON CONSTRAINT erasure_users_pkey DO NOTHING',
);
const insertOrganisations = sql(
  'erasure_organisations.insert',
  'INSERT INTO erasure_organisations (realm_id, erasure_id, organisation_id) SELECT DISTINCT $1::uuid, $2::uuid, unnest($3::uuid[]) ON CONFLICT ON CONSTRAINT erasure_organisations_pkey DO NOTHING',
);
const listOrganisations = sql('erasure_organisations.list', 'SELECT organisation_id AS "organisationId" FROM erasure_organisations WHERE realm_id = $1 AND erasure_id = $2 ORDER BY organisation_id');
const listUsers = sql('erasure_users.list', 'SELECT user_id AS "userId" FROM erasure_users WHERE realm_id = $1 AND erasure_id = $2 ORDER BY user_id');
const get = sql('erasures.get', `SELECT ${columns} FROM erasures WHERE erasure_id = $1 AND ($2::uuid IS NULL OR realm_id = $2)`);
// By `finished_at`: by `state` Postgres would take the index of those that are not done, as long as that had been nearly empty lately, and go through all of them.
export const begin = sql(
  'erasures.begin',
  `UPDATE erasures SET state = 'running', attempts = attempts + 1, attempted_at = now() WHERE realm_id = $1 AND erasure_id = $2 AND finished_at IS NULL RETURNING ${columns}`,
);
const addCounts = sql(
  'erasure_counts.add',
  `INSERT INTO erasure_counts (realm_id, erasure_id, service, table_name, erased) SELECT $1, $2, $3, key, value::bigint FROM jsonb_each_text($4::jsonb)
   ON CONFLICT ON CONSTRAINT erasure_counts_pkey DO UPDATE SET erased = erasure_counts.erased + excluded.erased`,
);
const listCounts = sql('erasure_counts.list', 'SELECT service, table_name AS "table", erased FROM erasure_counts WHERE realm_id = $1 AND erasure_id = $2 ORDER BY service, table_name');
export const lockUnfinished = sql('erasures.lock-unfinished', `SELECT 1 FROM erasures WHERE realm_id = $1 AND erasure_id = $2 AND finished_at IS NULL FOR UPDATE`);
export const finish = sql('erasures.finish', `UPDATE erasures SET state = 'done', receipt_sequence = $3, finished_at = now() WHERE realm_id = $1 AND erasure_id = $2 AND finished_at IS NULL`);
// Longer after an attempt than before the first: while one runs, or the queue is about to repeat it, there is nothing to do.
const listWaiting = sql(
  'erasures.list-waiting',
  `SELECT ${columns}, greatest(requested_at, attempted_at) < now() - interval '10 minutes' AS "isStuck" FROM erasures
   WHERE state <> 'done' AND requested_at < now() - interval '5 seconds' AND (attempted_at IS NULL OR attempted_at < now() - interval '30 seconds')
   ORDER BY requested_at LIMIT $1`,
);
const now = sql('erasures.now', 'SELECT now() AS now');

/** All SQL of `erasures`, `erasure_users`, `erasure_organisations` and `erasure_counts`. */
@Injectable()
export class ErasuresRepository {
  /** Records the order; what is recorded already stays as it is. */
  async insert(tx: Transaction, { realmId, erasureId, userIds, organisationIds, requestedBy, requestedByType, requestedAt, requestId }: ErasureOrder): Promise<void> {
    await tx.execute(insert, [realmId, erasureId, requestedBy, requestedAt ?? null, requestId, requestedByType]);
    await tx.execute(insertUsers, [realmId, erasureId, userIds]);
    await tx.execute(insertOrganisations, [realmId, erasureId, organisationIds]);
  }

  /** @param realmId absent: of whatever realm */
  async get(on: Queryable, erasureId: string, realmId?: string): Promise<ErasureRow | undefined> {
    return (await on.query<ErasureRow>(get, [erasureId, realmId ?? null]))[0];
  }

  async listOrganisations(on: Queryable, { realmId, erasureId }: ErasureKey): Promise<string[]> {
    return (await on.query<{ organisationId: string }>(listOrganisations, [realmId, erasureId])).map(({ organisationId }) => organisationId);
  }

  async listUsers(on: Queryable, realmId: string, erasureId: string): Promise<string[]> {
    return (await on.query<{ userId: string }>(listUsers, [realmId, erasureId])).map(({ userId }) => userId);
  }

  /** Counts an attempt. @returns the erasure; undefined when it is done, or unknown */
  async begin(on: Queryable, realmId: string, erasureId: string): Promise<ErasureRow | undefined> {
    return (await on.query<ErasureRow>(begin, [realmId, erasureId]))[0];
  }

  async addCounts(on: Queryable, { realmId, erasureId }: ErasureKey, service: string, erased: TableCounts): Promise<void> {
    await on.execute(addCounts, [realmId, erasureId, service, JSON.stringify(erased)]);
  }

  /** Rows erased so far, by service and table. */
  async listCounts(on: Queryable, { realmId, erasureId }: ErasureRow): Promise<Record<string, TableCounts>> {
    const counts: Record<string, TableCounts> = {};
    for (const { service, table, erased } of await on.query<{ service: string; table: string; erased: number }>(listCounts, [realmId, erasureId])) {
      (counts[service] ??= {})[table] = erased;
    }
    return counts;
  }

  /** Locks the erasure until the end of the transaction. @returns false when another attempt has finished it */
  async lockUnfinished(tx: Transaction, { realmId, erasureId }: ErasureRow): Promise<boolean> {
    return (await tx.query(lockUnfinished, [realmId, erasureId])).length > 0;
  }

  async finish(tx: Transaction, { realmId, erasureId }: ErasureRow, receiptSequence: number): Promise<void> {
    await tx.execute(finish, [realmId, erasureId, receiptSequence]);
  }

  /** Erasures that aren't done and on which nothing has begun for some time, oldest first. */
  async listWaiting(on: Queryable, limit: number): Promise<WaitingErasure[]> {
    return on.query<WaitingErasure>(listWaiting, [limit]);
  }

  /** The database's clock, ISO 8601. */
  async now(on: Queryable): Promise<string> {
    const [row] = await on.query<{ now: string }>(now);
    return row!.now;
  }
}
