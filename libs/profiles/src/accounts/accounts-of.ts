/**
 * SQL that gives the accounts of a user as a JSON array, in the order of joining: `[{"id": uid of the account, "role"}]`.
 * A hidden account is in nobody's.
 * @param user the alias of a row with realm_id and user_id
 */
export function accountsOf(user: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_object('id', coalesce(account.external_id, account.email, listed.user_name, account.user_id::text), 'role', member.role) ORDER BY member.joined_at, member.account_id), '[]')
    FROM account_members member
    JOIN users account ON account.realm_id = member.realm_id AND account.user_id = member.account_id AND account.hidden_by IS NULL
    LEFT JOIN directory listed ON listed.realm_id = account.realm_id AND listed.user_id = account.user_id
    WHERE member.realm_id = ${user}.realm_id AND member.user_id = ${user}.user_id)`;
}
