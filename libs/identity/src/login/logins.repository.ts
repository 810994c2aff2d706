import { identity } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';
import { canonicalName } from '../names/canonical-name.js';
import type { Login } from './login.entity.js';

export type LoginRow = Pick<Login, 'userId' | 'status' | 'isActive' | 'userName' | 'loginEmail' | 'passwordHash' | 'mustChangePassword' | 'suspended' | 'version'>;

/** `isRegistering`: pending because the user is being registered. */
export type LockedLogin = LoginRow & { isRegistering: boolean };

export interface StoredPassword {
  passwordHash: string;
  /** At the next login. */
  mustChange: boolean;
}

/** What others hold a copy of. */
export type LoginState = Pick<Login, 'userId' | 'version' | 'userName' | 'loginEmail' | 'isActive'> & { canLogIn: boolean };

const rowColumns = `user_id AS "userId", status, is_active AS "isActive", user_name AS "userName", login_email AS "loginEmail", password_hash AS "passwordHash", must_change_password AS "mustChangePassword", suspended, version`;
export const stateColumns = `user_id AS "userId", version, user_name AS "userName", login_email AS "loginEmail", is_active AS "isActive", (password_hash IS NOT NULL) AS "canLogIn"`;

const find = sql('logins.find', `SELECT ${rowColumns} FROM logins WHERE realm_id = $1 AND user_id = $2`);
const lock = sql('logins.lock', `SELECT ${rowColumns}, pending_roles IS NOT NULL AS "isRegistering" FROM logins WHERE realm_id = $1 AND user_id = $2 FOR UPDATE`);
const keepActive = sql('logins.keep_active', `SELECT FROM logins WHERE realm_id = $1 AND user_id = $2 AND status = 'active' FOR KEY SHARE`);
/**
 * The SQL of an active login by its name. An email is its owner's before it is somebody else's user name, which can't be but from before `login_names`. A limit on
 * each side, because the planner, which has no statistics of names, would else expect many rows and plan for them.
 * @param realmId @param name parameters or columns
 */
export function foundByName(realmId: string, name: string): string {
  const by = (place: number, column: string) => `(SELECT ${place} AS place, ${rowColumns} FROM logins WHERE realm_id = ${realmId} AND status = 'active' AND NOT suspended AND ${column} = ${name} LIMIT 1)`;
  return `SELECT "userId", status, "isActive", "userName", "loginEmail", "passwordHash", "mustChangePassword", suspended, version
    FROM (${by(1, 'login_email_canonical')} UNION ALL ${by(2, 'user_name_canonical')}) found ORDER BY place LIMIT 1`;
}

/** What must be true of a login for its user to get in. @param logins how the statement calls the table */
export function loginGoesOn(logins: string): string {
  return `${logins}.status = 'active' AND NOT ${logins}.suspended AND ${logins}.is_active AND NOT ${logins}.must_change_password`;
}

const findByName = sql('logins.find_by_name', foundByName('$1', '$2'));
// Out of sub-selects, so that the planner sees no values, and the statement keeps its plan.
const describe = sql('logins.describe', `SELECT ${stateColumns}, last_login_at AS "lastLoginAt" FROM logins WHERE realm_id = (SELECT $1::uuid) AND user_id = ANY (ARRAY(SELECT unnest($2::uuid[]))) AND status = 'active'`);
const recordLogin = sql(
  'logins.record_login',
  `UPDATE logins SET last_login_at = now(), password_hash = coalesce($4, password_hash)
   WHERE realm_id = $1 AND user_id = $2 AND version = $3 AND ${loginGoesOn('logins')}`,
);
const noteLogin = sql('logins.note_login', 'UPDATE logins SET last_login_at = now() WHERE realm_id = $1 AND user_id = $2');
const reserve = sql(
  'logins.reserve',
  `INSERT INTO logins AS l (realm_id, user_id, status, reservation_id, reserved_at) VALUES ($1, $2, 'pending', $3, now())
   ON CONFLICT ON CONSTRAINT logins_pkey DO UPDATE SET reservation_id = excluded.reservation_id, reserved_at = excluded.reserved_at WHERE l.status = 'pending' AND l.pending_roles IS NULL`,
);
const release = sql('logins.release', `DELETE FROM logins WHERE realm_id = $1 AND user_id = $2 AND status = 'pending' AND reservation_id = $3`);
const releaseOld = sql('logins.release_old', `DELETE FROM logins WHERE status = 'pending' AND pending_roles IS NULL AND reserved_at < now() - interval '30 seconds'`);
const activate = sql(
  'logins.activate',
  `UPDATE logins SET status = 'active', reservation_id = NULL, reserved_at = NULL, login_email = $3, login_email_canonical = $4, password_hash = $5, must_change_password = $6, version = version + 1
   WHERE realm_id = $1 AND user_id = $2 RETURNING ${stateColumns}`,
);
// What was asked of the pending row about an email was for the sake of a login that is not to be.
const open = sql(
  'logins.open',
  `UPDATE logins SET status = 'active', reservation_id = NULL, reserved_at = NULL, login_email = NULL, login_email_canonical = NULL
   WHERE realm_id = $1 AND user_id = $2 AND status = 'pending' AND reservation_id = $3`,
);
// Of any number of claims of an address one inserts; the others wait for it, and then find it. In one order, so that two who claim several don't wait for each other.
const claimEmail = sql(
  'logins.claim_email',
  `INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical, version)
   SELECT "realmId", "newUserId", 'active', email, canonical, 1 FROM json_to_recordset($1::json) AS given ("realmId" uuid, "newUserId" uuid, email text, canonical text) ORDER BY "realmId", canonical
   ON CONFLICT DO NOTHING RETURNING realm_id AS "realmId", login_email_canonical AS canonical, version`,
);
const ownerOfEmail = sql('logins.owner_of_email', 'SELECT user_id AS "userId" FROM logins WHERE realm_id = $1 AND login_email_canonical = $2');
const setActive = sql('logins.set_active', `UPDATE logins SET is_active = $3, version = version + 1 WHERE realm_id = $1 AND user_id = $2 RETURNING ${stateColumns}`);
const setNames = sql(
  'logins.set_names',
  `UPDATE logins SET user_name = $3, user_name_canonical = $4, login_email = $5, login_email_canonical = $6, version = version + 1
   WHERE realm_id = $1 AND user_id = $2 RETURNING ${stateColumns}`,
);
const touch = sql('logins.touch', 'UPDATE logins SET version = version + 1 WHERE realm_id = $1 AND user_id = $2');
const setPassword = sql('logins.set_password', `UPDATE logins SET password_hash = $3, must_change_password = $4, version = version + 1 WHERE realm_id = $1 AND user_id = $2 RETURNING ${stateColumns}`);
const setEmail = sql('logins.set_email', `UPDATE logins SET login_email = $3, login_email_canonical = $4, version = version + 1 WHERE realm_id = $1 AND user_id = $2 RETURNING version`);
const lockMany = sql('logins.lock_many', `SELECT ${rowColumns} FROM logins WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) ORDER BY user_id FOR UPDATE`);
const hide = sql(
  'logins.hide',
  `UPDATE logins SET status = 'hidden', user_name = NULL, user_name_canonical = NULL, login_email = NULL, login_email_canonical = NULL, verified_email = NULL, email_verified_at = NULL, password_hash = NULL,
          reservation_id = NULL, reserved_at = NULL, last_login_at = NULL, version = version + 1
   WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) AND status <> 'hidden' RETURNING user_id AS "userId", version`,
);
const erase = sql('logins.erase', 'DELETE FROM logins WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const findMany = sql('logins.find_many', `SELECT ${rowColumns} FROM logins WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])`);

/** Also what the trigger that keeps `login_names` says: a name that is another user's, though of the other kind. */
export const takenNames = onConstraint({
  logins_user_name_key: () => identity.identityErrors.failure('user-name-taken', 'Another user of the realm logs in with this name.'),
  logins_login_email_key: () => identity.identityErrors.failure('email-taken', 'Another user of the realm logs in with this email.'),
});

const canonicalOf = (name: string | null) => (name === null ? null : canonicalName(name));

/** All SQL of `logins`. */
export const loginsRepository = {
  async find(on: Queryable, realmId: string, userId: string): Promise<LoginRow | undefined> {
    return (await on.query<LoginRow>(find, [realmId, userId]))[0];
  },

  async lock(tx: Transaction, realmId: string, userId: string): Promise<LockedLogin | undefined> {
    return (await tx.query<LockedLogin>(lock, [realmId, userId]))[0];
  },

  /** Has an erasure wait until what is written about the user is there, and erase that too. @returns false when the login is no longer active */
  async keepActive(tx: Transaction, realmId: string, userId: string): Promise<boolean> {
    return (await tx.query(keepActive, [realmId, userId])).length > 0;
  },

  /** An active login. @param name canonical user name or email */
  async findByName(on: Queryable, realmId: string, name: string): Promise<LoginRow | undefined> {
    return (await on.query<LoginRow>(findByName, [realmId, name]))[0];
  },

  async describe(on: Queryable, realmId: string, userIds: readonly string[]): Promise<LoginState[]> {
    return on.query<LoginState>(describe, [realmId, userIds]);
  },

  /**
   * Locks the row, so that a password change or an erasure comes before the login or after it.
   * @param newHash of the same password, made with today's parameters
   * @returns false when the login is no longer as it was at that version
   */
  async recordLogin(tx: Transaction, realmId: string, { userId, version }: LoginRow, newHash: string | null): Promise<boolean> {
    return (await tx.execute(recordLogin, [realmId, userId, version, newHash])) > 0;
  },

  /** Of a login that is locked. */
  async noteLogin(tx: Transaction, realmId: string, userId: string): Promise<void> {
    await tx.execute(noteLogin, [realmId, userId]);
  },

  /** Makes the pending row or takes it over; leaves any other as it is. */
  async reserve(on: Queryable, realmId: string, userId: string, reservationId: string): Promise<void> {
    await on.execute(reserve, [realmId, userId, reservationId]);
  },

  /** Removes the pending row, unless another request has taken it over. */
  async release(on: Queryable, realmId: string, userId: string, reservationId: string): Promise<void> {
    await on.execute(release, [realmId, userId, reservationId]);
  },

  /** Removes pending rows whose request can't be running any more. */
  async releaseOld(on: Queryable): Promise<number> {
    return on.execute(releaseOld);
  },

  /** @throws Failure `email-taken` */
  async activate(tx: Transaction, realmId: string, userId: string, email: string | null, { passwordHash, mustChange }: StoredPassword): Promise<LoginState> {
    const rows = await tx.query<LoginState>(activate, [realmId, userId, email, canonicalOf(email), passwordHash, mustChange]).catch(takenNames);
    return rows[0]!;
  },

  /**
   * @param claims of different addresses
   * @returns the new rows with their versions: those of whose address is somebody's, or who has a row, are not among them
   * @throws Failure `email-taken`: one of them is somebody's user name
   */
  async claimEmails(tx: Transaction, claims: readonly { realmId: string; newUserId: string; email: string }[]): Promise<{ realmId: string; canonical: string; version: number }[]> {
    return tx.query<{ realmId: string; canonical: string; version: number }>(claimEmail, [JSON.stringify(claims.map((claim) => ({ ...claim, canonical: canonicalName(claim.email) })))]).catch(takenNames);
  },

  async ownerOfEmail(on: Queryable, realmId: string, email: string): Promise<string | undefined> {
    return (await on.query<{ userId: string }>(ownerOfEmail, [realmId, canonicalName(email)]))[0]?.userId;
  },

  /** Makes a pending row one that lets nobody in. @returns false when another request has taken it over */
  async open(on: Queryable, realmId: string, userId: string, reservationId: string): Promise<boolean> {
    return (await on.execute(open, [realmId, userId, reservationId])) > 0;
  },

  async setActive(tx: Transaction, realmId: string, userId: string, isActive: boolean): Promise<LoginState> {
    return (await tx.query<LoginState>(setActive, [realmId, userId, isActive]))[0]!;
  },

  /** @throws Failure `user-name-taken`, `email-taken` */
  async setNames(tx: Transaction, realmId: string, userId: string, userName: string | null, email: string | null): Promise<LoginState> {
    const rows = await tx.query<LoginState>(setNames, [realmId, userId, userName, canonicalOf(userName), email, canonicalOf(email)]).catch(takenNames);
    return rows[0]!;
  },

  /** Counts a change that others hold no copy of. */
  async touch(tx: Transaction, realmId: string, userId: string): Promise<void> {
    await tx.execute(touch, [realmId, userId]);
  },

  async setPassword(tx: Transaction, realmId: string, userId: string, { passwordHash, mustChange }: StoredPassword): Promise<LoginState> {
    return (await tx.query<LoginState>(setPassword, [realmId, userId, passwordHash, mustChange]))[0]!;
  },

  /**
   * @returns the new version
   * @throws Failure `email-taken`
   */
  async setEmail(tx: Transaction, realmId: string, userId: string, email: string | null): Promise<number> {
    const rows = await tx.query<{ version: number }>(setEmail, [realmId, userId, email, canonicalOf(email)]).catch(takenNames);
    return rows[0]!.version;
  },

  /** In the order of ids, so that two requests about the same users don't wait for one another. */
  async lockMany(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<LoginRow[]> {
    return tx.query<LoginRow>(lockMany, [realmId, userIds]);
  },

  async findMany(on: Queryable, realmId: string, userIds: readonly string[]): Promise<LoginRow[]> {
    return on.query<LoginRow>(findMany, [realmId, userIds]);
  },

  /** @returns those that were not hidden before */
  async hide(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<Pick<Login, 'userId' | 'version'>[]> {
    return tx.query(hide, [realmId, userIds]);
  },

  async erase(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<number> {
    return tx.execute(erase, [realmId, userIds]);
  },
};
