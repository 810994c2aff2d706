import { sql, type Queryable } from '#libs/platform/database';

/** A secret as it is stored. */
export interface StoredKey {
  /** `root` is the first; later ones have when they were made: `root-001764271234567`. */
  name: string;
  /** Null: the secret is the master key itself. */
  sealed: Buffer | null;
}

const list = sql('data_keys.list', `SELECT name, sealed FROM data_keys ORDER BY name = 'root' DESC, name`);
const insert = sql('data_keys.insert', `INSERT INTO data_keys (name, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING`);
const replace = sql('data_keys.replace', `UPDATE data_keys SET sealed = $3, sealed_at = now() WHERE name = $1 AND sealed IS NOT DISTINCT FROM $2`);
const nextName = sql('data_keys.next_name', `SELECT 'root-' || lpad((floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1::bigint)::text, 15, '0') AS name`);
const lock = sql('data_keys.lock', 'LOCK TABLE data_keys IN SHARE ROW EXCLUSIVE MODE');

export const dataKeysRepository = {
  /** The first, then the others in the order in which they were made. None: there is no secret yet. */
  async list(on: Queryable): Promise<StoredKey[]> {
    return on.query<StoredKey>(list);
  },

  /** Does nothing when another replica was faster. */
  async insert(on: Queryable, name: string, sealed: Buffer): Promise<void> {
    await on.execute(insert, [name, sealed]);
  },

  /** One of any number of replicas replaces the box that they all have read. @returns whether it was this one */
  async replace(on: Queryable, { name, sealed: before }: StoredKey, sealed: Buffer): Promise<boolean> {
    return (await on.execute(replace, [name, before, sealed])) > 0;
  },

  /** What one is called that was made so many milliseconds ago, by the database's clock. */
  async nextName(on: Queryable, agoMs: number): Promise<string> {
    return (await on.query<{ name: string }>(nextName, [agoMs]))[0]!.name;
  },

  /** Until the transaction ends, nobody else makes one. */
  async lock(on: Queryable): Promise<void> {
    await on.execute(lock);
  },
};
