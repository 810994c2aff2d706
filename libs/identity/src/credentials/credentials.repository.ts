import type { identity } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { CredentialRow } from './credential.entity.js';

/** A credential that may be used, with what is needed to verify it. */
export type StoredCredential = Pick<CredentialRow, 'credentialId' | 'kind' | 'name' | 'projectId' | 'organisationId' | 'roles' | 'keyHash' | 'secretHash'> & {
  /** Its last use has not been written down within the last minute. */
  useIsStale: boolean;
};

export type NewCredential = Omit<StoredCredential, 'useIsStale'> & Pick<CredentialRow, 'createdBy'>;

/** How exactly the last use is known. */
const useInterval = `interval '1 minute'`;

const insert = sql(
  'credentials.insert',
  `INSERT INTO credentials (credential_id, kind, name, project_id, organisation_id, roles, key_hash, secret_hash, created_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const find = sql(
  'credentials.find',
  `SELECT credential_id AS "credentialId", kind, name, project_id AS "projectId", organisation_id AS "organisationId", roles,
          key_hash AS "keyHash", secret_hash AS "secretHash", (last_used_at IS NULL OR last_used_at < now() - ${useInterval}) AS "useIsStale"
   FROM credentials WHERE credential_id = $1 AND revoked_at IS NULL`,
);
const recordUse = sql('credentials.record_use', `UPDATE credentials SET last_used_at = now() WHERE credential_id = $1 AND (last_used_at IS NULL OR last_used_at < now() - ${useInterval})`);
const isActive = sql('credentials.is_active', 'SELECT 1 FROM credentials WHERE credential_id = $1 AND revoked_at IS NULL');
const revoke = sql('credentials.revoke', 'UPDATE credentials SET revoked_at = now(), revoked_by = $2, key_hash = NULL, secret_hash = NULL WHERE credential_id = $1 AND revoked_at IS NULL');

/** All SQL of `credentials`. */
export const credentialsRepository = {
  async insert(on: Queryable, row: NewCredential): Promise<void> {
    await on.execute(insert, [row.credentialId, row.kind, row.name, row.projectId, row.organisationId, row.roles, row.keyHash, row.secretHash, row.createdBy]);
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

  /** @returns false when there is nothing to revoke. The hashes go: nobody needs them any more. */
  async revoke(tx: Transaction, credentialId: string, revokedBy: string): Promise<boolean> {
    return (await tx.execute(revoke, [credentialId, revokedBy])) > 0;
  },
};

/** What others may know of a credential. */
export function describeCredential({ credentialId, kind, name, projectId, organisationId, roles }: Omit<StoredCredential, 'useIsStale'>): identity.Credential {
  return { credentialId, kind, name, projectId, organisationId, roles };
}
