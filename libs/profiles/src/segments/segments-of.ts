import { oneOf } from '#libs/platform/database';

/**
 * SQL that gives the segments that a user is in as a JSON array, the oldest first: `[{"id", "suppressed"}]`.
 * @param user the alias of a row with realm_id and user_id
 */
export function segmentsOf(user: string): string {
  return `(
    SELECT coalesce(json_agg(json_build_object('id', membership.segment_id, 'suppressed', membership.suppressed) ORDER BY membership.segment_id), '[]')
    FROM segment_members membership WHERE membership.realm_id = ${oneOf(`${user}.realm_id`)} AND membership.user_id = ${user}.user_id AND membership.member)`;
}
