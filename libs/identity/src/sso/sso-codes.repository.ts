import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const add = sql('sso_codes.add', `INSERT INTO sso_codes (realm_id, code_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 minute')`);
const take = sql('sso_codes.take', `DELETE FROM sso_codes WHERE realm_id = $1 AND code_hash = $2 AND expires_at > now() RETURNING user_id AS "userId"`);
const erase = sql('sso_codes.erase', 'DELETE FROM sso_codes WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const count = sql('sso_codes.count', 'SELECT count(*)::int AS count FROM sso_codes WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const sweep = sql('sso_codes.sweep', 'DELETE FROM sso_codes WHERE expires_at <= now()');

/** All SQL of `sso_codes`. */
export const ssoCodesRepository = {
  async add(tx: Transaction, realmId: string, codeHash: Buffer, userId: string): Promise<void> {
    await tx.execute(add, [realmId, codeHash, userId]);
  },

  /** Of any number who ask at once, one gets it. */
  async take(tx: Transaction, realmId: string, codeHash: Buffer): Promise<string | undefined> {
    return (await tx.query<{ userId: string }>(take, [realmId, codeHash]))[0]?.userId;
  },

  async erase(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<number> {
    return tx.execute(erase, [realmId, userIds]);
  },

  async count(on: Queryable, realmId: string, userIds: readonly string[]): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId, userIds]))[0]!.count;
  },

  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};
