import type { identity } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** A key as it is handed in, checked. */
export type SdkKeyToPut = Pick<identity.SdkKey, 'projectId' | 'sdkKeyId' | 'name' | 'algorithm' | 'publicJwk' | 'claims'>;

const columns = `project_id AS "projectId", sdk_key_id AS "sdkKeyId", name, algorithm, public_jwk AS "publicJwk", claims, version, created_at AS "createdAt", modified_at AS "modifiedAt"`;

const put = sql(
  'sdk_keys.put',
  `INSERT INTO sdk_keys (project_id, sdk_key_id, name, algorithm, public_jwk, claims, created_by, modified_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
   ON CONFLICT (project_id, name) DO UPDATE SET algorithm = excluded.algorithm, public_jwk = excluded.public_jwk, claims = excluded.claims,
     modified_by = excluded.modified_by, modified_at = now(), version = sdk_keys.version + 1
   RETURNING ${columns}`,
);
const list = sql('sdk_keys.list', `SELECT ${columns} FROM sdk_keys WHERE project_id = $1 AND ($2::uuid IS NULL OR sdk_key_id < $2) ORDER BY sdk_key_id DESC LIMIT $3`);
const get = sql('sdk_keys.get', `SELECT ${columns} FROM sdk_keys WHERE project_id = $1 AND sdk_key_id = $2`);
const find = sql('sdk_keys.find', `SELECT ${columns} FROM sdk_keys WHERE sdk_key_id = $1`);
const findByName = sql('sdk_keys.find_by_name', `SELECT ${columns} FROM sdk_keys WHERE project_id = $1 AND name = $2`);
const lockByName = sql('sdk_keys.lock_by_name', `SELECT ${columns} FROM sdk_keys WHERE project_id = $1 AND name = $2 FOR UPDATE`);
const remove = sql('sdk_keys.remove', 'DELETE FROM sdk_keys WHERE project_id = $1 AND sdk_key_id = $2');

/** All SQL of `sdk_keys`. */
export const sdkKeysRepository = {
  /** In one statement, so that two who register a name at once both get the one key that then has it. */
  async put(tx: Transaction, key: SdkKeyToPut, actor: string): Promise<identity.SdkKey> {
    const values = [key.projectId, key.sdkKeyId, key.name, key.algorithm, JSON.stringify(key.publicJwk), JSON.stringify(key.claims), actor];
    return (await tx.query<identity.SdkKey>(put, values))[0]!;
  },

  /** Newest first, those with a lower id than `after`. */
  async list(on: Queryable, projectId: string, after: string | null, limit: number): Promise<identity.SdkKey[]> {
    return on.query<identity.SdkKey>(list, [projectId, after, limit]);
  },

  async get(on: Queryable, projectId: string, sdkKeyId: string): Promise<identity.SdkKey | undefined> {
    return (await on.query<identity.SdkKey>(get, [projectId, sdkKeyId]))[0];
  },

  /** Of whichever project. */
  async find(on: Queryable, sdkKeyId: string): Promise<identity.SdkKey | undefined> {
    return (await on.query<identity.SdkKey>(find, [sdkKeyId]))[0];
  },

  async findByName(on: Queryable, projectId: string, name: string): Promise<identity.SdkKey | undefined> {
    return (await on.query<identity.SdkKey>(findByName, [projectId, name]))[0];
  },

  async lockByName(tx: Transaction, projectId: string, name: string): Promise<identity.SdkKey | undefined> {
    return (await tx.query<identity.SdkKey>(lockByName, [projectId, name]))[0];
  },

  /** @returns false when there is none */
  async remove(tx: Transaction, projectId: string, sdkKeyId: string): Promise<boolean> {
    return (await tx.execute(remove, [projectId, sdkKeyId])) > 0;
  },
};
