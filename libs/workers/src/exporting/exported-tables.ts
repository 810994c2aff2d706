import { sql, type RowWalk } from '#libs/platform/database';

const entry = (mine: string) => `SELECT occurred_at, action, actor_type, actor_id, target_type, target_id, organisation_id AS org_id, project_id, before_fields AS before, after_fields AS after, surface, ${mine}, jsonb_build_array(seq) AS key FROM audit_log`;
const onwards = 'AND seq > coalesce(($3::jsonb ->> 0)::bigint, 0) ORDER BY seq LIMIT $4';

/** What operations tells about a user: their mails, what they did as administrators, and what was done to them. `$1`: realm, `$2`: user. */
export const exportedRows: readonly RowWalk[] = [
  {
    kind: 'mail_delivery',
    statement: sql(
      'mails.export',
      `SELECT mail_id, template, state, requested_at, finished_at, jsonb_build_array(mail_id) AS key FROM mails
       WHERE realm_id = $1 AND user_id = $2 AND mail_id > coalesce($3::jsonb ->> 0, '00000000-0000-0000-0000-000000000000')::uuid ORDER BY mail_id LIMIT $4`,
    ),
  },
  { kind: 'audit_entry', statement: sql('audit_log.export-done-by', `${entry('address')} WHERE $1::uuid IS NOT NULL AND actor_id = $2::uuid::text ${onwards}`) },
  // Where others came from is theirs.
  { kind: 'audit_entry', statement: sql('audit_log.export-done-to', `${entry('NULL AS address')} WHERE $1::uuid IS NOT NULL AND target_id = $2::uuid::text AND actor_id <> $2::uuid::text ${onwards}`) },
];
