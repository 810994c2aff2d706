import { identity } from '#libs/contracts';
import { onConstraint, sql, type Transaction } from '#libs/platform/database';
import type { LoginState } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';

export interface ImportedLogin {
  realmId: string;
  userId: string;
  email: string | null;
  userName: string | null;
  isActive: boolean;
  passwordHash: string;
  lastLoginAt: string | null;
}

const write = sql(
  'imported_logins.write',
  `UPDATE logins SET status = 'active', reservation_id = NULL, reserved_at = NULL, is_active = $7, password_hash = $8, last_login_at = coalesce($9::timestamptz, last_login_at),
          login_email = $3, login_email_canonical = $4, user_name = $5, user_name_canonical = $6, version = version + 1
   WHERE realm_id = $1 AND user_id = $2
   RETURNING user_id AS "userId", version, user_name AS "userName", login_email AS "loginEmail", is_active AS "isActive", true AS "canLogIn"`,
);

const takenNames = onConstraint({
  logins_login_email_key: () => identity.identityErrors.failure('email-taken', 'Another user of the realm logs in with this email.'),
  logins_user_name_key: () => identity.identityErrors.failure('user-name-taken', 'Another user of the realm has this user name.'),
});

/** The SQL of `logins` that an import needs and nothing else. */
export const importedLoginsRepository = {
  /**
   * Gives a login that is locked, and has no password, what was imported.
   * @throws Failure `email-taken`, `user-name-taken`
   */
  async write(tx: Transaction, login: ImportedLogin): Promise<LoginState> {
    const { realmId, userId, email, userName, isActive, passwordHash, lastLoginAt } = login;
    const canonical = (name: string | null) => (name === null ? null : canonicalName(name));
    const rows = await tx.query<LoginState>(write, [realmId, userId, email, canonical(email), userName, canonical(userName), isActive, passwordHash, lastLoginAt]).catch(takenNames);
    return rows[0]!;
  },
};
