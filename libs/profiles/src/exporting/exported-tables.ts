import { sql, type RowWalk } from '#libs/platform/database';

const few = 'LIMIT CASE WHEN $3::jsonb IS NULL THEN $4::int ELSE 0 END';

/** What profiles tells about a user, by table. `$1`: realm, `$2`: user. A table of personal data that is neither here nor below fails a spec. */
export const exportedTables: Readonly<Record<string, RowWalk>> = {
  users: {
    kind: 'profile',
    statement: sql(
      'users.export',
      `SELECT user_id, external_id AS uid, display_name, first_name, last_name, email, phone, notes, city, country, region, timezone, attributes, preferences, preferences_updated_at, devices, activity,
         is_account, first_seen_at, last_seen_at, created_at, created_by, modified_at, modified_by, '[]'::jsonb AS key
       FROM users WHERE realm_id = $1 AND user_id = $2 ${few}`,
    ),
  },
  user_aliases: {
    kind: 'merged_uid',
    statement: sql('user_aliases.export', `SELECT uid, jsonb_build_array(uid) AS key FROM user_aliases WHERE realm_id = $1 AND user_id = $2 AND uid > coalesce($3::jsonb ->> 0, '') COLLATE "C" ORDER BY uid LIMIT $4`),
  },
  account_members: {
    kind: 'account',
    statement: sql(
      'account_members.export',
      `SELECT account_id, a.external_id AS account_uid, m.role, m.joined_at, jsonb_build_array(account_id) AS key FROM account_members m JOIN users a ON a.realm_id = m.realm_id AND a.user_id = m.account_id
       WHERE m.realm_id = $1 AND m.user_id = $2 AND account_id > coalesce($3::jsonb ->> 0, '00000000-0000-0000-0000-000000000000')::uuid AND a.hidden_by IS NULL ORDER BY account_id LIMIT $4`,
    ),
  },
  list_subscriptions: {
    kind: 'list',
    statement: sql(
      'list_subscriptions.export',
      `SELECT list_id, name, subscribed, since, jsonb_build_array(list_id) AS key FROM list_subscriptions JOIN lists USING (realm_id, list_id)
       WHERE realm_id = $1 AND user_id = $2 AND list_id > coalesce($3::jsonb ->> 0, '00000000-0000-0000-0000-000000000000')::uuid ORDER BY list_id LIMIT $4`,
    ),
  },
  segment_members: {
    kind: 'segment',
    statement: sql(
      'segment_members.export',
      `SELECT segment_id, name, member, suppressed, jsonb_build_array(segment_id) AS key FROM segment_members JOIN segments USING (realm_id, segment_id)
       WHERE realm_id = $1 AND user_id = $2 AND segment_id > coalesce($3::jsonb ->> 0, '00000000-0000-0000-0000-000000000000')::uuid ORDER BY segment_id LIMIT $4`,
    ),
  },
  user_events: {
    kind: 'event',
    statement: sql(
      'user_events.export',
      `SELECT event_id AS id, event, value, properties, occurred_at AS timestamp, received_at, jsonb_build_array(occurred_at, seq) AS key FROM user_events
       WHERE realm_id = $1 AND user_id = $2 AND (occurred_at, seq) > (coalesce(($3::jsonb ->> 0)::timestamptz, '-infinity'), coalesce(($3::jsonb ->> 1)::bigint, 0)) ORDER BY occurred_at, seq LIMIT $4`,
    ),
  },
};

/** What is about users, and why it is not told. */
export const notExported: Readonly<Record<string, string>> = {
  event_ids: 'told with the events; of one whose time is over it keeps that it was, and nothing of what it said',
  attribute_entries: 'hashes of the attributes that the profile tells',
  directory: 'copies of what identity and membership tell themselves, and of the profile as it is sorted',
};
