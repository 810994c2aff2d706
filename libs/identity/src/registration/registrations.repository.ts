import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { stateColumns, takenNames, type LoginState, type StoredPassword } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';

export interface LoginKey {
  realmId: string;
  userId: string;
}

/** A registration under way: a pending row that knows what is left to do. */
export interface Registration extends LoginKey {
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

// Statements about several registrations take rows and names in one order, so that two of them don't wait for each other. The arrays come out of
// sub-selects, so that the planner sees no values, and the statement keeps its plan.
/** Holds those of the wanted rows that are registrations under way, one after the other by their keys. */
const held = (columns: string, parameters: readonly string[]) => `
  wanted AS MATERIALIZED (SELECT * FROM unnest(${parameters.map((parameter) => `(SELECT ${parameter})`).join(', ')}) AS w (${columns})),
  held AS MATERIALIZED (
    SELECT l.* FROM (SELECT w.realm_id, w.user_id FROM wanted w ORDER BY w.realm_id, w.user_id) AS w,
      LATERAL (SELECT l.realm_id, l.user_id FROM logins l WHERE l.realm_id = w.realm_id AND l.user_id = w.user_id AND l.status = 'pending' AND l.pending_roles IS NOT NULL FOR NO KEY UPDATE) AS l)`;

// The same registration asked again takes over; a finished one stays as it is.
const reserve = sql(
  'registrations.reserve',
  `INSERT INTO logins AS l (realm_id, user_id, status, is_active, user_name, user_name_canonical, login_email, login_email_canonical, reservation_id, reserved_at, pending_roles)
   SELECT "realmId", "userId", 'pending', "isActive", "userName", "userNameCanonical", "loginEmail", "loginEmailCanonical", "reservationId", now(), ARRAY(SELECT jsonb_array_elements_text(roles))
   FROM json_to_recordset($1::json) AS given ("realmId" uuid, "userId" uuid, "isActive" boolean, "userName" text, "userNameCanonical" text, "loginEmail" text, "loginEmailCanonical" text, "reservationId" uuid, roles jsonb)
   ORDER BY coalesce("loginEmailCanonical", "userNameCanonical"), "userNameCanonical"
   ON CONFLICT ON CONSTRAINT logins_pkey DO UPDATE SET reservation_id = excluded.reservation_id, reserved_at = excluded.reserved_at
     WHERE l.status = 'pending' AND l.pending_roles IS NOT NULL
   RETURNING l.realm_id AS "realmId", l.user_id AS "userId"`,
);
const keepPasswords = sql(
  'registrations.keep_passwords',
  `WITH ${held('realm_id, user_id, password_hash, must_change', ['$1::uuid[]', '$2::uuid[]', '$3::text[]', '$4::boolean[]'])}
   UPDATE logins l SET password_hash = w.password_hash, must_change_password = w.must_change, reserved_at = now()
   FROM held JOIN wanted w USING (realm_id, user_id) WHERE l.realm_id = held.realm_id AND l.user_id = held.user_id
   RETURNING l.realm_id AS "realmId", l.user_id AS "userId"`,
);
const release = sql('registrations.release', `DELETE FROM logins WHERE ${ours} AND reservation_id = $3`);
const activate = sql(
  'registrations.activate',
  `WITH ${held('realm_id, user_id', ['$1::uuid[]', '$2::uuid[]'])}, activated AS (
     UPDATE logins l SET status = 'active', reservation_id = NULL, reserved_at = NULL, pending_roles = NULL, version = version + 1
     FROM held WHERE l.realm_id = held.realm_id AND l.user_id = held.user_id RETURNING l.*)
   SELECT realm_id AS "realmId", ${stateColumns}, must_change_password AS "mustChange" FROM activated`,
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

const keysOf = (keys: readonly LoginKey[]) => [keys.map(({ realmId }) => realmId), keys.map(({ userId }) => userId)];

/** SQL of those rows of `logins` that are registrations under way. */
export const registrationsRepository = {
  /**
   * Takes the names. One of any number who want them gets them.
   * @param wanted no user twice
   * @returns those that are not registered already
   * @throws Failure `user-name-taken`, `email-taken`, where one of them is; nothing is taken then
   */
  async reserve(on: Queryable, wanted: readonly (Registration & ReservedNames)[]): Promise<LoginKey[]> {
    const rows = wanted.map((one) => ({ ...one, userNameCanonical: canonical(one.userName), loginEmailCanonical: canonical(one.loginEmail) }));
    return on.query<LoginKey>(reserve, [JSON.stringify(rows)]).catch(takenNames);
  },

  /** @returns those whose registration is under way still */
  async keepPasswords(on: Queryable, passwords: readonly (LoginKey & StoredPassword)[]): Promise<LoginKey[]> {
    return on.query<LoginKey>(keepPasswords, [...keysOf(passwords), passwords.map(({ passwordHash }) => passwordHash), passwords.map(({ mustChange }) => mustChange)]);
  },

  /** Gives the names back, unless somebody has taken the registration over. */
  async release(on: Queryable, { realmId, userId, reservationId }: Registration): Promise<void> {
    await on.execute(release, [realmId, userId, reservationId]);
  },

  /** @returns those whose registration was under way, as they are now */
  async activate(tx: Transaction, registrations: readonly LoginKey[]): Promise<(LoginKey & ActivatedLogin)[]> {
    return tx.query<LoginKey & ActivatedLogin>(activate, keysOf(registrations));
  },

  /** Those that whoever began them can't be at any more; nobody else gets the same ones. */
  async takeOver(on: Queryable): Promise<Registration[]> {
    return on.query<Registration>(takeOver);
  },
};
