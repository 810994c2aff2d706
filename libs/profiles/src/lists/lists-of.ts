import { oneOf } from '#libs/platform/database';

/**
 * SQL that gives the lists of a user as a JSON array, in the order of subscribing: `[{"id", "subscribed"}]`.
 * @param user the alias of a row with realm_id and user_id
 */
export function listsOf(user: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_object('id', subscription.list_id, 'subscribed', subscription.subscribed) ORDER BY subscription.seq), '[]')
    FROM list_subscriptions subscription WHERE subscription.realm_id = ${oneOf(`${user}.realm_id`)} AND subscription.user_id = ${user}.user_id)`;
}
