import { oneOf } from '#libs/platform/database';

/**
 * SQL that gives the accounts of a user as a JSON array, in the order of joining: `[{"id": uid of the account, "role"}]`.
 * A hidden account is in nobody's. Each is looked up by its key, whatever the planner thinks of the number of users and of members.
 * @param user the alias of a row with realm_id and user_id
 */
export function accountsOf(user: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_object('id', coalesce(account.external_id, account.email, listed.user_name, account.user_id::text), 'role', member.role) ORDER BY member.joined_at, member.account_id), '[]')
    FROM account_members member,
    LATERAL (SELECT * FROM users account WHERE account.realm_id = member.realm_id AND account.user_id = member.account_id AND account.hidden_by IS NULL OFFSET 0) AS account
    LEFT JOIN LATERAL (SELECT user_name FROM directory WHERE directory.realm_id = account.realm_id AND directory.user_id = account.user_id OFFSET 0) AS listed ON true
    WHERE member.realm_id = ${oneOf(`${user}.realm_id`)} AND member.user_id = ${user}.user_id)`;
}
