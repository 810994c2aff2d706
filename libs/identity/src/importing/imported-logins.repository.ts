import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { stateColumns, takenNames, type LoginRow, type LoginState } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';

export interface ImportedLogin {
  realmId: string;
  userId: string;
  email: string | null;
  userName: string | null;
  /** Null: nobody said. */
  isActive: boolean | null;
  passwordHash: string;
  lastLoginAt: string | null;
}

/** `isRegistering`: pending because the user is being registered or imported. */
export type PresentLogin = Pick<LoginRow, 'userId' | 'status' | 'userName' | 'loginEmail'> & { canLogIn: boolean; isRegistering: boolean };

/** Whom a name logs in. */
export interface Holder {
  /** Canonical. */
  name: string;
  userId: string;
  isPending: boolean;
}

const given = `json_to_recordset($2::json) AS given (
  "userId" uuid, email text, "emailCanonical" text, "userName" text, "userNameCanonical" text, "isActive" boolean, "passwordHash" text, "lastLoginAt" timestamptz)`;
const presentColumns = `user_id AS "userId", status, user_name AS "userName", login_email AS "loginEmail", status = 'active' AND password_hash IS NOT NULL AS "canLogIn", pending_roles IS NOT NULL AS "isRegistering"`;

const findMany = sql('imported_logins.find_many', `SELECT ${presentColumns} FROM logins WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])`);
const lockMany = sql('imported_logins.lock_many', `SELECT ${presentColumns} FROM logins WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) ORDER BY user_id FOR UPDATE`);

// Name by name and login by login (`OFFSET 0`): the planner, which has no statistics of names, expects many rows of each, and may then read all logins in order instead.
const holders = sql(
  'imported_logins.holders',
  `SELECT wanted.name, held.user_id AS "userId", held.status = 'pending' AS "isPending"
   FROM unnest($2::text[]) AS wanted (name), LATERAL (
     SELECT user_id FROM login_names WHERE realm_id = $1 AND name = wanted.name OFFSET 0) AS named, LATERAL (
     SELECT user_id, status FROM logins WHERE realm_id = $1 AND user_id = named.user_id OFFSET 0) AS held`,
);

// Those whose name is taken, by a row that is there or by another of these, are left out. In one order for all, so that two imports don't wait for each other.
const reserveNew = sql(
  'imported_logins.reserve_new',
  `INSERT INTO logins (realm_id, user_id, status, is_active, user_name, user_name_canonical, login_email, login_email_canonical, password_hash, last_login_at, reservation_id, reserved_at, pending_roles)
   SELECT $1, "userId", 'pending', coalesce("isActive", true), "userName", "userNameCanonical", email, "emailCanonical", "passwordHash", "lastLoginAt", $3, now(), '{}'
   FROM ${given} ORDER BY "emailCanonical", "userNameCanonical" ON CONFLICT DO NOTHING RETURNING user_id AS "userId"`,
);
const reservePresent = sql(
  'imported_logins.reserve_present',
  `INSERT INTO logins AS l (realm_id, user_id, status, reservation_id, reserved_at) SELECT $1, id, 'pending', $3, now() FROM unnest($2::uuid[]) AS id ORDER BY id
   ON CONFLICT ON CONSTRAINT logins_pkey DO UPDATE SET reservation_id = excluded.reservation_id, reserved_at = excluded.reserved_at WHERE l.status = 'pending' AND l.pending_roles IS NULL`,
);
const release = sql('imported_logins.release', `DELETE FROM logins WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) AND status = 'pending' AND reservation_id = $3`);
const activateNew = sql(
  'imported_logins.activate_new',
  `UPDATE logins SET status = 'active', reservation_id = NULL, reserved_at = NULL, pending_roles = NULL, version = version + 1
   WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) AND status = 'pending' AND reservation_id = $3 RETURNING ${stateColumns}`,
);
// Somebody may have closed the account of a user who can't log in yet, and hashes alone don't open it again.
const write = sql(
  'imported_logins.write',
  `UPDATE logins SET status = 'active', reservation_id = NULL, reserved_at = NULL, is_active = coalesce(given."isActive", is_active), password_hash = given."passwordHash", last_login_at = coalesce(given."lastLoginAt", last_login_at),
          login_email = given.email, login_email_canonical = given."emailCanonical", user_name = given."userName", user_name_canonical = given."userNameCanonical", version = version + 1
   FROM ${given} WHERE realm_id = $1 AND user_id = given."userId" RETURNING ${stateColumns}`,
);

const canonical = (name: string | null) => (name === null ? null : canonicalName(name));
const asJson = (logins: readonly ImportedLogin[]) =>
  JSON.stringify(logins.map(({ realmId: _, ...login }) => ({ ...login, emailCanonical: canonical(login.email), userNameCanonical: canonical(login.userName) })));

/** The SQL of `logins` that an import needs and nothing else; each statement is about many, of one realm. */
export const importedLoginsRepository = {
  async findMany(on: Queryable, realmId: string, userIds: readonly string[]): Promise<PresentLogin[]> {
    return userIds.length === 0 ? [] : on.query<PresentLogin>(findMany, [realmId, userIds]);
  },

  /** In the order of ids, so that two requests about the same users don't wait for one another. */
  async lockMany(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<PresentLogin[]> {
    return tx.query<PresentLogin>(lockMany, [realmId, userIds]);
  },

  /** Whom these names log in already, be it as user name or as email. @param names in their canonical form */
  async holders(on: Queryable, realmId: string, names: readonly string[]): Promise<Holder[]> {
    return on.query<Holder>(holders, [realmId, names]);
  },

  /**
   * Makes pending rows of users who are to be made. They have all that the login needs: whoever finds one whose user was made can finish it.
   * @returns the ids of those whose names were free
   * @throws Failure `email-taken`, `user-name-taken`, of any of them: a name is another user's of the other kind, and none is reserved
   */
  async reserveNew(tx: Transaction, realmId: string, reservationId: string, logins: readonly ImportedLogin[]): Promise<Set<string>> {
    const rows = await tx.query<{ userId: string }>(reserveNew, [realmId, asJson(logins), reservationId]).catch(takenNames);
    return new Set(rows.map(({ userId }) => userId));
  },

  /** Makes pending rows of users who are there, or takes them over; leaves any other as it is. */
  async reservePresent(on: Queryable, realmId: string, reservationId: string, userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await on.execute(reservePresent, [realmId, userIds, reservationId]);
  },

  /** Removes pending rows, but those that somebody has taken over. */
  async release(on: Queryable, realmId: string, reservationId: string, userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await on.execute(release, [realmId, userIds, reservationId]);
  },

  /** @returns the states of those that nobody has taken over */
  async activateNew(tx: Transaction, realmId: string, reservationId: string, userIds: readonly string[]): Promise<LoginState[]> {
    return userIds.length === 0 ? [] : tx.query<LoginState>(activateNew, [realmId, userIds, reservationId]);
  },

  /**
   * Gives logins that are locked, and have no password, what was imported.
   * @throws Failure `email-taken`, `user-name-taken`, of any of them
   */
  async write(tx: Transaction, realmId: string, logins: readonly ImportedLogin[]): Promise<LoginState[]> {
    return logins.length === 0 ? [] : tx.query<LoginState>(write, [realmId, asJson(logins)]).catch(takenNames);
  },
};
