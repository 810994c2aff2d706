import { sql, type Queryable } from '#libs/platform/database';

const find = sql('data_keys.find', `SELECT sealed FROM data_keys WHERE name = 'root'`);
const insert = sql('data_keys.insert', `INSERT INTO data_keys (name, sealed) VALUES ('root', $1) ON CONFLICT DO NOTHING`);
const replace = sql('data_keys.replace', `UPDATE data_keys SET sealed = $2, sealed_at = now() WHERE name = 'root' AND sealed IS NOT DISTINCT FROM $1`);

export const dataKeysRepository = {
  /** `sealed` null: the secret is the master key itself. Undefined: there is none yet. */
  async find(on: Queryable): Promise<{ sealed: Buffer | null } | undefined> {
    return (await on.query<{ sealed: Buffer | null }>(find))[0];
  },

  /** Does nothing when another replica was faster. */
  async insert(on: Queryable, sealed: Buffer): Promise<void> {
    await on.execute(insert, [sealed]);
  },

  /** One of any number of replicas replaces the box that they all have read. @returns whether it was this one */
  async replace(on: Queryable, before: Buffer | null, sealed: Buffer): Promise<boolean> {
    return (await on.execute(replace, [before, sealed])) > 0;
  },
};
