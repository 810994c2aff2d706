import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { OutgoingMail } from './outgoing-mail.entity.js';

export type MailRow = Pick<OutgoingMail, 'realmId' | 'mailId' | 'template' | 'userId' | 'email' | 'newEmail' | 'facts' | 'tokenHash' | 'createdAt' | 'expiresAt'>;
export type NewMailRow = Omit<MailRow, 'createdAt' | 'expiresAt'>;

const columns = `m.realm_id AS "realmId", m.mail_id AS "mailId", m.template, m.user_id AS "userId", m.email, m.new_email AS "newEmail", m.facts, m.token_hash AS "tokenHash", m.created_at AS "createdAt", m.expires_at AS "expiresAt"`;
// Notices have no token, and no newer one takes the place of an older.
const good = `m.user_id IS NOT NULL AND m.used_at IS NULL AND m.expires_at > clock_timestamp()
  AND (m.token_hash IS NULL OR NOT EXISTS (SELECT 1 FROM outgoing_mails n WHERE n.realm_id = m.realm_id AND n.user_id = m.user_id AND n.template = m.template AND n.seq > m.seq))`;

const insert = sql(
  'outgoing_mails.insert',
  `INSERT INTO outgoing_mails (realm_id, mail_id, template, user_id, email, new_email, facts, token_hash, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9::integer * interval '1 second')`,
);
const find = sql('outgoing_mails.find', `SELECT ${columns} FROM outgoing_mails m WHERE m.realm_id = $1 AND m.mail_id = $2 AND ${good}`);
const findById = sql('outgoing_mails.find_by_id', `SELECT ${columns} FROM outgoing_mails m WHERE m.mail_id = $1 AND ${good}`);
const use = sql('outgoing_mails.use', `UPDATE outgoing_mails m SET used_at = clock_timestamp() WHERE m.realm_id = $1 AND m.mail_id = $2 AND ${good}`);
const endTokens = sql(
  'outgoing_mails.end_tokens',
  `UPDATE outgoing_mails SET used_at = clock_timestamp() WHERE realm_id = $1 AND user_id = $2 AND template = ANY ($3::text[]) AND token_hash IS NOT NULL AND used_at IS NULL`,
);
const erase = sql('outgoing_mails.erase', 'DELETE FROM outgoing_mails WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const count = sql('outgoing_mails.count', 'SELECT count(*) AS count FROM outgoing_mails WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const sweep = sql('outgoing_mails.sweep', `DELETE FROM outgoing_mails WHERE expires_at < now() - interval '1 hour'`);

/** All SQL of `outgoing_mails`. Of a mail that was used, has expired or been superseded by a newer one of its kind, it finds nothing. */
export const outgoingMailsRepository = {
  /** @param ttl seconds */
  async insert(tx: Transaction, { realmId, mailId, template, userId, email, newEmail, facts, tokenHash }: NewMailRow, ttl: number): Promise<void> {
    await tx.execute(insert, [realmId, mailId, template, userId, email, newEmail, JSON.stringify(facts), tokenHash, ttl]);
  },

  async find(on: Queryable, realmId: string, mailId: string): Promise<MailRow | undefined> {
    return (await on.query<MailRow>(find, [realmId, mailId]))[0];
  },

  /** Where only its token is known, which names no realm. */
  async findById(on: Queryable, mailId: string): Promise<MailRow | undefined> {
    return (await on.query<MailRow>(findById, [mailId]))[0];
  },

  /** @returns whether this is the use of its token: false when it was used meanwhile, or is not good any more */
  async use(tx: Transaction, { realmId, mailId }: MailRow): Promise<boolean> {
    return (await tx.execute(use, [realmId, mailId])) > 0;
  },

  /** Ends the user's tokens of these kinds. */
  async endTokens(tx: Transaction, realmId: string, userId: string, templates: readonly string[]): Promise<void> {
    await tx.execute(endTokens, [realmId, userId, templates]);
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
