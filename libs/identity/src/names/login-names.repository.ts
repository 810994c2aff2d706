import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const isAnothers = sql('login_names.is_anothers', 'SELECT 1 FROM login_names WHERE realm_id = $1 AND name = $2 AND user_id <> $3');
const erase = sql('login_names.erase', 'DELETE FROM login_names WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const count = sql('login_names.count', 'SELECT count(*) AS count FROM login_names WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');

/** The SQL of `login_names` but that of the trigger, which writes them. */
export const loginNamesRepository = {
  /** Whether it logs another user in. @param name canonical */
  async isAnothers(on: Queryable, realmId: string, name: string, userId: string): Promise<boolean> {
    return (await on.query(isAnothers, [realmId, name, userId])).length > 0;
  },

  async erase(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<number> {
    return tx.execute(erase, [realmId, userIds]);
  },

  async count(on: Queryable, realmId: string, userIds: readonly string[]): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId, userIds]))[0]!.count;
  },
};
