import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Login } from './login.entity.js';

/** A user who can be mailed about their login. */
export type MailableLogin = Pick<Login, 'userId' | 'emailVerifiedAt'> & { loginEmail: string };

/** What a user sees of their own login. */
export type OwnLogin = Pick<Login, 'userId' | 'userName' | 'loginEmail' | 'emailVerifiedAt' | 'lastLoginAt'>;

// Whoever changes the email need not know of this.
const verifiedAt = 'CASE WHEN verified_email = login_email_canonical THEN email_verified_at END';

// The row's lock has an erasure wait until what is written about the user is there, and erase that too.
const findMailable = sql(
  'login_emails.find_mailable',
  `SELECT user_id AS "userId", login_email AS "loginEmail", ${verifiedAt} AS "emailVerifiedAt" FROM logins
   WHERE realm_id = $1 AND login_email_canonical = $2 AND status = 'active' AND is_active AND NOT suspended FOR KEY SHARE`,
);
const markVerified = sql('login_emails.mark_verified', `UPDATE logins SET email_verified_at = coalesce(${verifiedAt}, now()), verified_email = login_email_canonical WHERE realm_id = $1 AND user_id = $2 AND login_email IS NOT NULL`);
const own = sql(
  'login_emails.own',
  `SELECT user_id AS "userId", user_name AS "userName", login_email AS "loginEmail", ${verifiedAt} AS "emailVerifiedAt", last_login_at AS "lastLoginAt" FROM logins
   WHERE realm_id = $1 AND user_id = $2 AND status = 'active'`,
);

/** The SQL of `logins` about addresses: whether they can be mailed, and whether they were confirmed. */
export const loginEmailsRepository = {
  /** An active user who logs in by the email. @param email canonical */
  async findMailable(tx: Transaction, realmId: string, email: string): Promise<MailableLogin | undefined> {
    return (await tx.query<MailableLogin>(findMailable, [realmId, email]))[0];
  },

  /** The present email was confirmed, for the first time or again. */
  async markVerified(tx: Transaction, realmId: string, userId: string): Promise<void> {
    await tx.execute(markVerified, [realmId, userId]);
  },

  async own(on: Queryable, realmId: string, userId: string): Promise<OwnLogin | undefined> {
    return (await on.query<OwnLogin>(own, [realmId, userId]))[0];
  },
};
