import { Injectable } from '@nestjs/common';
import { someRows, sql, type Queryable, type Statement, type Transaction } from '#libs/platform/database';

/** A realm to clear. `settled`: it was closed so long ago that nothing which began before can still write there. */
export interface RealmToClear {
  realmId: string;
  organisationId: string;
  settled: boolean;
}

/**
 * What goes with a project, in this order, once its users are erased: what it set up, and of them what should be gone with them.
 * A table with a realm that is not here or below fails a spec.
 */
export const tablesOfRealms = ['user_events', 'event_ids', 'account_members', 'list_subscriptions', 'segment_members', 'user_aliases', 'attribute_entries', 'directory', 'lists', 'segments', 'profile_fields', 'activity_events', 'user_counts', 'realm_days'] as const;

/** Tables with a realm whose rows stay, and why. */
export const staysOfRealms: Readonly<Record<string, string>> = {
  users: 'they are erased one by one, everywhere, before anything else goes',
  tombstones: 'keyed hashes, by which a backup that is restored finds who was erased',
  closed_realms: 'what says that it is gone',
};

const put = sql('closed_realms.put', 'INSERT INTO closed_realms (realm_id, organisation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING');
const uncleared = sql('closed_realms.uncleared', `SELECT realm_id AS "realmId", organisation_id AS "organisationId", closed_at < now() - interval '1 minute' AS settled FROM closed_realms WHERE cleared_at IS NULL ORDER BY closed_at LIMIT 100`);
const finish = sql('closed_realms.finish', 'UPDATE closed_realms SET cleared_at = now() WHERE realm_id = $1 AND cleared_at IS NULL');
const visible = sql('users.visible-of-realm', 'SELECT user_id AS "userId" FROM users WHERE realm_id = $1 AND hidden_by IS NULL LIMIT $2');
const describe = sql('realms.describe', 'SELECT EXISTS (SELECT FROM users WHERE realm_id = $1 AND hidden_by IS NULL) AS "hasUsers", EXISTS (SELECT FROM users WHERE realm_id = $1) AS "holdsUsers"');
const clear = new Map<string, Statement>(
  tablesOfRealms.map((table) => [table, sql(`${table}.clear-realm`, `DELETE FROM ${table} WHERE ${someRows(table, 'realm_id = $1', '$2')}`)]),
);
const count = new Map<string, Statement>(tablesOfRealms.map((table) => [table, sql(`${table}.count-realm`, `SELECT EXISTS (SELECT FROM ${table} WHERE realm_id = $1) AS found`)]));

@Injectable()
export class ClosedRealmsRepository {
  async describe(on: Queryable, realmId: string): Promise<{ hasUsers: boolean; holdsUsers: boolean }> {
    return (await on.query<{ hasUsers: boolean; holdsUsers: boolean }>(describe, [realmId]))[0]!;
  }

  async put(tx: Transaction, realmId: string, organisationId: string): Promise<void> {
    await tx.execute(put, [realmId, organisationId]);
  }

  async uncleared(on: Queryable): Promise<RealmToClear[]> {
    return on.query<RealmToClear>(uncleared);
  }

  /** @returns false when another process did it */
  async finish(tx: Transaction, realmId: string): Promise<boolean> {
    return (await tx.execute(finish, [realmId])) > 0;
  }

  /** Some of those who are not being erased. */
  async visible(on: Queryable, realmId: string, limit: number): Promise<string[]> {
    return (await on.query<{ userId: string }>(visible, [realmId, limit])).map(({ userId }) => userId);
  }

  async clear(on: Queryable, table: string, realmId: string, limit: number): Promise<number> {
    return on.execute(clear.get(table)!, [realmId, limit]);
  }

  async isClear(on: Queryable, table: string, realmId: string): Promise<boolean> {
    return !(await on.query<{ found: boolean }>(count.get(table)!, [realmId]))[0]!.found;
  }
}
