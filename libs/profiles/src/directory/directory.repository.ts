import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** What identity says of a user's login. */
export interface LoginState {
  userId: string;
  /** Grows with each change. */
  version: number;
  userName: string | null;
  loginEmail: string | null;
  isActive: boolean;
  canLogIn: boolean;
}

// Each is looked up by itself, whatever the planner thinks of the number of users.
const loginVersions = sql(
  'directory.login_versions',
  `SELECT coalesce((SELECT d.login_version FROM directory d WHERE d.realm_id = given.realm_id AND d.user_id = given.user_id), 0) AS version
   FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[])) WITH ORDINALITY AS given (realm_id, user_id, place) ORDER BY place`,
);

/** What is told of users, and those of them who are there: locked, in the order of their ids, so that two who tell of several don't wait for each other. */
const toldOfLocked = (columns: string) => `
  told AS MATERIALIZED (SELECT * FROM json_to_recordset($2::json) AS given (${columns})),
  locked AS MATERIALIZED (
    SELECT own.* FROM (SELECT "userId" FROM told ORDER BY 1) AS wanted,
    LATERAL (SELECT u.user_id, u.email, u.version FROM users u WHERE u.realm_id = (SELECT $1::uuid) AND u.user_id = wanted."userId" AND u.hidden_by IS NULL FOR NO KEY UPDATE) AS own)`;

// `can_log_in` is never taken back: a state from before the login began may arrive late, and would let an email change
// slip past identity. Asking identity once too often does no harm.
const applyLoginStates = sql(
  'directory.apply_login_states',
  `WITH ${toldOfLocked('"userId" uuid, "userName" text, "isActive" boolean, "canLogIn" boolean, version bigint')},
   applied AS (
     INSERT INTO directory AS d (realm_id, user_id, user_name, is_active, can_log_in, login_version)
     SELECT $1, user_id, "userName", "isActive", "canLogIn", told.version FROM locked JOIN told ON told."userId" = locked.user_id ORDER BY 2
     ON CONFLICT (realm_id, user_id) DO UPDATE SET
       user_name = excluded.user_name, is_active = excluded.is_active, can_log_in = d.can_log_in OR excluded.can_log_in, login_version = excluded.login_version
       WHERE d.login_version < excluded.login_version
     RETURNING user_id)
   SELECT user_id AS "userId", email, version FROM applied JOIN locked USING (user_id)`,
);

const expectLogin = sql(
  'directory.expect_login',
  `INSERT INTO directory (realm_id, user_id, can_log_in) VALUES ($1, $2, true)
   ON CONFLICT (realm_id, user_id) DO UPDATE SET can_log_in = true`,
);

const expectLogins = sql(
  'directory.expect_logins',
  `INSERT INTO directory AS d (realm_id, user_id, can_log_in)
   SELECT "realmId", "userId", true FROM json_to_recordset($1::json) AS given ("realmId" uuid, "userId" uuid) GROUP BY 1, 2 ORDER BY 1, 2
   ON CONFLICT (realm_id, user_id) DO UPDATE SET can_log_in = true WHERE NOT d.can_log_in`,
);

const applyRoles = sql(
  'directory.apply_roles',
  `WITH ${toldOfLocked('"userId" uuid, roles jsonb, version bigint')}
   INSERT INTO directory AS d (realm_id, user_id, roles, membership_version)
   SELECT $1, user_id, ARRAY(SELECT jsonb_array_elements_text(roles)), told.version FROM locked JOIN told ON told."userId" = locked.user_id ORDER BY 2
   ON CONFLICT (realm_id, user_id) DO UPDATE SET roles = excluded.roles, membership_version = excluded.membership_version
     WHERE d.membership_version < excluded.membership_version
   RETURNING user_id AS "userId"`,
);

const homesOf = sql(
  'directory.homes_of',
  `SELECT home.* FROM unnest((SELECT $1::uuid[])) AS given (user_id),
   LATERAL (SELECT u.user_id AS "userId", u.realm_id AS "realmId", coalesce((SELECT d.membership_version FROM directory d WHERE d.realm_id = u.realm_id AND d.user_id = u.user_id), 0) AS "membershipVersion"
            FROM users u WHERE u.user_id = given.user_id AND u.hidden_by IS NULL OFFSET 0) AS home`,
);

const userNames = sql('directory.user_names', 'SELECT user_id AS "userId", user_name AS "userName" FROM directory WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) AND user_name IS NOT NULL');

/** All SQL of `directory`. */
@Injectable()
export class DirectoryRepository {
  /** Identity's versions as we know them, in the order of the users; 0: it has said nothing. */
  async loginVersions(on: Queryable, users: readonly { realmId: string; userId: string }[]): Promise<number[]> {
    return (await on.query<{ version: number }>(loginVersions, [users.map(({ realmId }) => realmId), users.map(({ userId }) => userId)])).map(({ version }) => version);
  }

  /**
   * Takes over what is newer than what we have, of those who are there, and locks them.
   * @param states no user twice
   * @returns the users whose state was taken over, with their emails and versions as they were
   */
  async applyLoginStates(tx: Transaction, realmId: string, states: readonly LoginState[]): Promise<{ userId: string; email: string | null; version: number }[]> {
    return states.length === 0 ? [] : tx.query(applyLoginStates, [realmId, JSON.stringify(states)]);
  }

  /**
   * Takes over what is newer than what we have, of those who are there, and locks them.
   * @param states no user twice
   * @returns the ids of users whose roles were taken over
   */
  async applyRoles(tx: Transaction, realmId: string, states: readonly { userId: string; version: number; roles: string[] }[]): Promise<Set<string>> {
    if (states.length === 0) return new Set();
    const applied = await tx.query<{ userId: string }>(applyRoles, [realmId, JSON.stringify(states)]);
    return new Set(applied.map(({ userId }) => userId));
  }

  /** The realms that are users' homes, and membership's versions of their roles there as we know them, in the order of the users; undefined for who is not there. */
  async homesOf(on: Queryable, userIds: readonly string[]): Promise<({ realmId: string; membershipVersion: number } | undefined)[]> {
    const homes = new Map((await on.query<{ userId: string; realmId: string; membershipVersion: number }>(homesOf, [[...new Set(userIds)]])).map((home) => [home.userId, home]));
    return userIds.map((userId) => homes.get(userId.toLowerCase()));
  }

  /** From now on identity is asked before the user's email changes. The user is locked. */
  async expectLogin(tx: Transaction, realmId: string, userId: string): Promise<void> {
    await tx.execute(expectLogin, [realmId, userId]);
  }

  /** As `expectLogin`, for many. */
  async expectLogins(tx: Transaction, users: readonly { realmId: string; userId: string }[]): Promise<void> {
    if (users.length > 0) await tx.execute(expectLogins, [JSON.stringify(users.map(({ realmId, userId }) => ({ realmId, userId })))]);
  }

  /** User names by user id, of those who have one. */
  async userNames(on: Queryable, realmId: string, userIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await on.query<{ userId: string; userName: string }>(userNames, [realmId, userIds]);
    return new Map(rows.map(({ userId, userName }) => [userId, userName]));
  }
}
