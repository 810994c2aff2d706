import type { identity } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { keyPrefix, type KeyKind } from '../keys/key-string.js';
import type { CredentialRow } from './credential.entity.js';

/** A credential that may be used, with what is needed to verify it. */
export type StoredCredential = Pick<CredentialRow, 'credentialId' | 'kind' | 'name' | 'projectId' | 'organisationId' | 'roles' | 'keyHash' | 'secretHash'> & {
  /** Its last use has not been written down within the last minute. */
  useIsStale: boolean;
};

export type NewCredential = Omit<StoredCredential, 'useIsStale'> & Pick<CredentialRow, 'createdBy'>;

/** A credential as its managers see it. */
export type ListedCredential = Omit<NewCredential, 'keyHash' | 'secretHash'> & Pick<CredentialRow, 'createdAt' | 'lastUsedAt'>;

/** How exactly the last use is known. */
const useInterval = `interval '1 minute'`;

const insert = sql(
  'credentials.insert',
  `INSERT INTO credentials (credential_id, kind, name, project_id, organisation_id, roles, key_hash, secret_hash, created_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING created_at AS "createdAt"`,
);
const find = sql(
  'credentials.find',
  `SELECT credential_id AS "credentialId", kind, name, project_id AS "projectId", organisation_id AS "organisationId", roles,
          key_hash AS "keyHash", secret_hash AS "secretHash", (last_used_at IS NULL OR last_used_at < now() - ${useInterval}) AS "useIsStale"
   FROM credentials WHERE credential_id = $1 AND revoked_at IS NULL`,
);
const recordUse = sql('credentials.record_use', `UPDATE credentials SET last_used_at = now() WHERE credential_id = $1 AND (last_used_at IS NULL OR last_used_at < now() - ${useInterval})`);
const isActive = sql('credentials.is_active', 'SELECT 1 FROM credentials WHERE credential_id = $1 AND revoked_at IS NULL');
const setRevoked = 'UPDATE credentials SET revoked_at = now(), revoked_by = $2, key_hash = NULL, secret_hash = NULL WHERE credential_id = $1 AND revoked_at IS NULL';
const whose = 'RETURNING kind, project_id AS "projectId", organisation_id AS "organisationId"';
const revoke = sql('credentials.revoke', `${setRevoked} ${whose}`);
const revokeOfGroup = sql('credentials.revoke_of_group', `${setRevoked} AND kind = $3 AND project_id IS NOT DISTINCT FROM $4 AND organisation_id IS NOT DISTINCT FROM $5 ${whose}`);
const listed = `SELECT credential_id AS "credentialId", kind, name, project_id AS "projectId", organisation_id AS "organisationId", roles,
          created_at AS "createdAt", created_by AS "createdBy", last_used_at AS "lastUsedAt"
   FROM credentials WHERE revoked_at IS NULL`;
const page = 'AND ($3::uuid IS NULL OR credential_id < $3) ORDER BY credential_id DESC LIMIT $4';
const listOfProject = sql('credentials.list_of_project', `${listed} AND kind = $1 AND project_id = $2 ${page}`);
const listOfOrganisation = sql('credentials.list_of_organisation', `${listed} AND kind = $1 AND project_id IS NULL AND organisation_id = $2 ${page}`);
const listOfDeployment = sql('credentials.list_of_deployment', `${listed} AND kind = $1 AND project_id IS NULL AND organisation_id IS NULL AND $2::uuid IS NULL ${page}`);
const get = sql('credentials.get', `${listed} AND credential_id = $1 AND kind = $2 AND project_id IS NOT DISTINCT FROM $3 AND organisation_id IS NOT DISTINCT FROM $4`);

/** All SQL of `credentials`. */
export const credentialsRepository = {
  /** @returns when it was made */
  async insert(tx: Transaction, row: NewCredential): Promise<string> {
    const values = [row.credentialId, row.kind, row.name, row.projectId, row.organisationId, row.roles, row.keyHash, row.secretHash, row.createdBy];
    return (await tx.query<{ createdAt: string }>(insert, values))[0]!.createdAt;
  },

  /** Revoked credentials are found no more. */
  async find(on: Queryable, credentialId: string): Promise<StoredCredential | undefined> {
    return (await on.query<StoredCredential>(find, [credentialId]))[0];
  },

  async recordUse(on: Queryable, credentialId: string): Promise<void> {
    await on.execute(recordUse, [credentialId]);
  },

  async isActive(on: Queryable, credentialId: string): Promise<boolean> {
    return (await on.query(isActive, [credentialId])).length > 0;
  },

  /** @returns whose it was; undefined when there is nothing to revoke. The hashes go: nobody needs them any more. */
  async revoke(tx: Transaction, credentialId: string, revokedBy: string, group?: identity.CredentialGroup): Promise<identity.CredentialGroup | undefined> {
    const revoked = group === undefined ? tx.query<identity.CredentialGroup>(revoke, [credentialId, revokedBy]) : tx.query<identity.CredentialGroup>(revokeOfGroup, [credentialId, revokedBy, group.kind, group.projectId, group.organisationId]);
    return (await revoked)[0];
  },

  /** Newest first, those with a lower id than `after`. */
  async list(on: Queryable, { kind, projectId, organisationId }: identity.CredentialGroup, after: string | null, limit: number): Promise<ListedCredential[]> {
    const statement = projectId !== null ? listOfProject : organisationId !== null ? listOfOrganisation : listOfDeployment;
    return on.query<ListedCredential>(statement, [kind, projectId ?? organisationId, after, limit]);
  },

  async get(on: Queryable, { kind, projectId, organisationId }: identity.CredentialGroup, credentialId: string): Promise<ListedCredential | undefined> {
    return (await on.query<ListedCredential>(get, [credentialId, kind, projectId, organisationId]))[0];
  },
};

/** What others may know of a credential. */
export function describeCredential({ credentialId, kind, name, projectId, organisationId, roles }: Omit<ListedCredential, 'createdAt' | 'createdBy' | 'lastUsedAt'>): identity.Credential {
  return { credentialId, kind, name, projectId, organisationId, roles };
}

export function manageCredential(row: ListedCredential): identity.ManagedCredential {
  const { createdAt, createdBy, lastUsedAt } = row;
  return { ...describeCredential(row), prefix: prefixOf(row), createdAt, createdBy, lastUsedAt };
}

/** How the key begins; of a client, which has none, its secret. */
export function prefixOf(row: Pick<ListedCredential, 'credentialId' | 'kind' | 'projectId'>): string {
  return keyPrefix(kindOfKey(row), row.credentialId);
}

function kindOfKey({ kind, projectId }: Pick<ListedCredential, 'kind' | 'projectId'>): KeyKind {
  switch (kind) {
    case 'engagement':
      return 'pub';
    case 'client':
      return 'client';
    case 'api-key':
      return projectId === null ? 'admin' : 'proj';
  }
}
