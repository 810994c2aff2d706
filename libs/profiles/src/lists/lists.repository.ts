import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const columns = 'list_id AS "listId", name, created_at AS "createdAt", modified_at AS "modifiedAt"';

const lock = sql('lists.lock_realm', `SELECT pg_advisory_xact_lock(hashtextextended('lists of ' || $1::uuid::text, 0))`);
const count = sql('lists.count', 'SELECT count(*) AS count FROM lists WHERE realm_id = $1');
const insert = sql('lists.insert', 'INSERT INTO lists (realm_id, list_id, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING');
const get = sql('lists.get', `SELECT ${columns} FROM lists WHERE realm_id = $1 AND list_id = $2`);
const list = sql('lists.list', `SELECT ${columns}, seq FROM lists WHERE realm_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`);
const rename = sql('lists.rename', `UPDATE lists SET name = $3, modified_at = now(), modified_by = $4 WHERE realm_id = $1 AND list_id = $2 AND name <> $3`);
const remove = sql('lists.remove', 'DELETE FROM lists WHERE realm_id = $1 AND list_id = $2');

/** All SQL of `lists`. */
@Injectable()
export class ListsRepository {
  /** Until the end of the transaction nobody else makes a list in the realm. */
  async lock(tx: Transaction, realmId: string): Promise<void> {
    await tx.query(lock, [realmId]);
  }

  async count(on: Queryable, realmId: string): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId]))[0]?.count ?? 0;
  }

  /** @returns whether it was not there yet */
  async insert(tx: Transaction, realmId: string, listId: string, name: string, actorId: string): Promise<boolean> {
    return (await tx.execute(insert, [realmId, listId, name, actorId])) > 0;
  }

  async get(on: Queryable, realmId: string, listId: string): Promise<profiles.List | undefined> {
    return (await on.query<profiles.List>(get, [realmId, listId]))[0];
  }

  /** Newest first. */
  async list(on: Queryable, realmId: string, before: number, limit: number): Promise<(profiles.List & { seq: number })[]> {
    return on.query(list, [realmId, before, limit]);
  }

  /** @returns whether the name is another one now */
  async rename(tx: Transaction, realmId: string, listId: string, name: string, actorId: string): Promise<boolean> {
    return (await tx.execute(rename, [realmId, listId, name, actorId])) > 0;
  }

  /** @returns whether it was there */
  async remove(tx: Transaction, realmId: string, listId: string): Promise<boolean> {
    return (await tx.execute(remove, [realmId, listId])) > 0;
  }
}
