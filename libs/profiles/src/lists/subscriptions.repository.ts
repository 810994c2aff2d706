import { sql, type Transaction } from '#libs/platform/database';

export interface ListKey {
  realmId: string;
  listId: string;
}

const given = 'json_to_recordset($1::json) AS given ("realmId" uuid, "userId" uuid, "listId" uuid, subscribed boolean, place integer)';

// Locked like this, a list is not removed before the subscriptions to it are committed.
const keep = sql(
  'lists.keep',
  `SELECT l.realm_id AS "realmId", l.list_id AS "listId" FROM lists l
   WHERE (l.realm_id, l.list_id) IN (SELECT given."realmId", given."listId" FROM ${given}) ORDER BY l.realm_id, l.list_id FOR KEY SHARE`,
);

// Later places come later, so that a user's lists are in the order in which they were named.
const set = sql(
  'list_subscriptions.set',
  `INSERT INTO list_subscriptions AS s (realm_id, user_id, list_id, subscribed, since)
   SELECT given."realmId", given."userId", given."listId", given.subscribed, clock_timestamp() FROM ${given} ORDER BY given.place
   ON CONFLICT (realm_id, user_id, list_id) DO UPDATE SET subscribed = excluded.subscribed WHERE s.subscribed <> excluded.subscribed`,
);

/** All SQL of `list_subscriptions`, but for reading it with a user (`listsOf`), merging and its erasure. */
export const subscriptionsRepository = {
  /** @returns those of the lists that are there, and stay until the end of the transaction */
  async keep(tx: Transaction, lists: readonly ListKey[]): Promise<ListKey[]> {
    return lists.length === 0 ? [] : tx.query<ListKey>(keep, [JSON.stringify(lists)]);
  },

  /** @param subscriptions of locked users to lists that are kept, none twice */
  async subscribe(tx: Transaction, subscriptions: readonly (ListKey & { userId: string })[]): Promise<void> {
    if (subscriptions.length > 0) await tx.execute(set, [JSON.stringify(subscriptions.map((one, place) => ({ ...one, subscribed: true, place })))]);
  },

  /** @returns whether that is news */
  async set(tx: Transaction, subscription: ListKey & { userId: string; subscribed: boolean }): Promise<boolean> {
    return (await tx.execute(set, [JSON.stringify([{ ...subscription, place: 0 }])])) > 0;
  },
};
