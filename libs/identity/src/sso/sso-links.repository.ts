import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const find = sql('sso_links.find', `SELECT user_id AS "userId" FROM sso_links WHERE realm_id = $1 AND organisation_id = $2 AND subject_hash = $3`);
const add = sql(
  'sso_links.add',
  `INSERT INTO sso_links (realm_id, organisation_id, subject_hash, user_id) VALUES ($1, $2, $3, $4) ON CONFLICT ON CONSTRAINT sso_links_pkey DO NOTHING`,
);
const erase = sql('sso_links.erase', 'DELETE FROM sso_links WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const count = sql('sso_links.count', 'SELECT count(*)::int AS count FROM sso_links WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const dropOfOrganisation = sql('sso_links.drop_of_organisation', 'DELETE FROM sso_links WHERE realm_id = $1 AND organisation_id = $2');

/** All SQL of `sso_links`. */
export const ssoLinksRepository = {
  async find(on: Queryable, realmId: string, organisationId: string, subjectHash: Buffer): Promise<string | undefined> {
    return (await on.query<{ userId: string }>(find, [realmId, organisationId, subjectHash]))[0]?.userId;
  },

  /** A subject that is linked already stays as it is. */
  async add(tx: Transaction, realmId: string, organisationId: string, subjectHash: Buffer, userId: string): Promise<void> {
    await tx.execute(add, [realmId, organisationId, subjectHash, userId]);
  },

  /** Another provider's subjects are other people. */
  async dropOfOrganisation(tx: Transaction, realmId: string, organisationId: string): Promise<void> {
    await tx.execute(dropOfOrganisation, [realmId, organisationId]);
  },

  async erase(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<number> {
    return tx.execute(erase, [realmId, userIds]);
  },

  async count(on: Queryable, realmId: string, userIds: readonly string[]): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId, userIds]))[0]!.count;
  },
};
