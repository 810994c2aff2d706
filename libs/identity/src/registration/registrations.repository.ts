import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { stateColumns, takenNames, type LoginState, type StoredPassword } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';

/** A registration under way: a pending row that knows what is left to do. */
export interface Registration {
  realmId: string;
  userId: string;
  /** Who is at it: whoever takes it over gives it another one. */
  reservationId: string;
  roles: string[];
}

export type ActivatedLogin = LoginState & Pick<StoredPassword, 'mustChange'>;

export interface ReservedNames {
  userName: string | null;
  /** Of a user who is to log in. */
  loginEmail: string | null;
  isActive: boolean;
}

const ours = `realm_id = $1 AND user_id = $2 AND status = 'pending' AND pending_roles IS NOT NULL`;

// The same registration asked again takes over; a finished one stays as it is.
const reserve = sql(
  'registrations.reserve',
  `INSERT INTO logins AS l (realm_id, user_id, status, is_active, user_name, user_name_canonical, login_email, login_email_canonical, reservation_id, reserved_at, pending_roles)
   VALUES ($1, $2, 'pending', $3, $4, $5, $6, $7, $8, now(), $9)
   ON CONFLICT ON CONSTRAINT logins_pkey DO UPDATE SET reservation_id = excluded.reservation_id, reserved_at = excluded.reserved_at
     WHERE l.status = 'pending' AND l.pending_roles IS NOT NULL`,
);
const keepPassword = sql('registrations.keep_password', `UPDATE logins SET password_hash = $3, must_change_password = $4, reserved_at = now() WHERE ${ours}`);
const release = sql('registrations.release', `DELETE FROM logins WHERE ${ours} AND reservation_id = $3`);
const activate = sql(
  'registrations.activate',
  `UPDATE logins SET status = 'active', reservation_id = NULL, reserved_at = NULL, pending_roles = NULL, version = version + 1 WHERE ${ours} RETURNING ${stateColumns}, must_change_password AS "mustChange"`,
);
const takeOver = sql(
  'registrations.take_over',
  `UPDATE logins SET reservation_id = gen_random_uuid(), reserved_at = now()
   WHERE (realm_id, user_id) IN (
     SELECT realm_id, user_id FROM logins WHERE status = 'pending' AND pending_roles IS NOT NULL AND reserved_at < now() - interval '30 seconds'
     ORDER BY reserved_at LIMIT 20 FOR UPDATE SKIP LOCKED)
   RETURNING realm_id AS "realmId", user_id AS "userId", reservation_id AS "reservationId", pending_roles AS roles`,
);

const canonical = (name: string | null) => (name === null ? null : canonicalName(name));

/** SQL of those rows of `logins` that are registrations under way. */
export const registrationsRepository = {
  /**
   * Takes the names. One of any number who want them gets them.
   * @returns false when the user is registered already
   * @throws Failure `user-name-taken`, `email-taken`
   */
  async reserve(on: Queryable, { realmId, userId, reservationId, roles }: Registration, { userName, loginEmail, isActive }: ReservedNames): Promise<boolean> {
    const reserved = await on.execute(reserve, [realmId, userId, isActive, userName, canonical(userName), loginEmail, canonical(loginEmail), reservationId, roles]).catch(takenNames);
    return reserved > 0;
  },

  /** @returns false when the registration is not under way any more */
  async keepPassword(on: Queryable, realmId: string, userId: string, { passwordHash, mustChange }: StoredPassword): Promise<boolean> {
    return (await on.execute(keepPassword, [realmId, userId, passwordHash, mustChange])) > 0;
  },

  /** Gives the names back, unless somebody has taken the registration over. */
  async release(on: Queryable, { realmId, userId, reservationId }: Registration): Promise<void> {
    await on.execute(release, [realmId, userId, reservationId]);
  },

  /** @returns undefined when the registration is not under way any more */
  async activate(tx: Transaction, realmId: string, userId: string): Promise<ActivatedLogin | undefined> {
    return (await tx.query<ActivatedLogin>(activate, [realmId, userId]))[0];
  },

  /** Those that whoever began them can't be at any more; nobody else gets the same ones. */
  async takeOver(on: Queryable): Promise<Registration[]> {
    return on.query<Registration>(takeOver);
  },
};
