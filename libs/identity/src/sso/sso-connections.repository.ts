import type { identity } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** The connection and its sealed secret. */
export type StoredConnection = identity.SsoConnection & { clientSecret: Buffer };
export type ConnectionToPut = Omit<StoredConnection, 'version' | 'createdAt' | 'modifiedAt'>;

const columns = `organisation_id AS "organisationId", issuer, client_id AS "clientId", client_secret AS "clientSecret", domains AS "emailDomains", auto_join AS "autoJoin",
  assumes_verified AS "trustsEmail", return_urls AS "returnUrls", version, created_at AS "createdAt", modified_at AS "modifiedAt"`;

const get = sql('sso_connections.get', `SELECT ${columns} FROM sso_connections WHERE organisation_id = $1`);
const put = sql(
  'sso_connections.put',
  `INSERT INTO sso_connections AS c (organisation_id, issuer, client_id, client_secret, domains, auto_join, assumes_verified, return_urls, created_by, modified_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
   ON CONFLICT ON CONSTRAINT sso_connections_pkey DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id, client_secret = excluded.client_secret,
     domains = excluded.domains, auto_join = excluded.auto_join, assumes_verified = excluded.assumes_verified, return_urls = excluded.return_urls,
     modified_by = excluded.modified_by, modified_at = now(), version = c.version + 1
     WHERE c.version = $10
   RETURNING ${columns}`,
);
const listSecrets = sql('sso_connections.list_secrets', 'SELECT organisation_id AS "organisationId", client_secret AS "clientSecret" FROM sso_connections');
const reseal = sql('sso_connections.reseal', 'UPDATE sso_connections SET client_secret = $3 WHERE organisation_id = $1 AND client_secret = $2');
const remove = sql('sso_connections.remove', 'DELETE FROM sso_connections WHERE organisation_id = $1');

/** All SQL of `sso_connections`. */
export const ssoConnectionsRepository = {
  async get(on: Queryable, organisationId: string): Promise<StoredConnection | undefined> {
    return (await on.query<StoredConnection>(get, [organisationId]))[0];
  },

  /**
   * @param present version that is replaced; 0: there is none
   * @returns undefined when another one was put meanwhile
   */
  async put(tx: Transaction, wanted: ConnectionToPut, actor: string, present: number): Promise<StoredConnection | undefined> {
    const { organisationId, issuer, clientId, clientSecret, emailDomains, autoJoin, trustsEmail, returnUrls } = wanted;
    return (await tx.query<StoredConnection>(put, [organisationId, issuer, clientId, clientSecret, emailDomains, autoJoin, trustsEmail, returnUrls, actor, present]))[0];
  },

  /** Of every organisation. */
  async listSecrets(on: Queryable): Promise<Pick<StoredConnection, 'organisationId' | 'clientSecret'>[]> {
    return on.query(listSecrets);
  },

  /** Puts another box in a box's place; does nothing where that was done meanwhile, or another secret was entered. */
  async reseal(on: Queryable, { organisationId, clientSecret }: Pick<StoredConnection, 'organisationId' | 'clientSecret'>, sealed: Buffer): Promise<void> {
    await on.execute(reseal, [organisationId, clientSecret, sealed]);
  },

  /** @returns false when there is none */
  async remove(tx: Transaction, organisationId: string): Promise<boolean> {
    return (await tx.execute(remove, [organisationId])) > 0;
  },
};
