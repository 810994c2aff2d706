import { sql, type RowWalk } from '#libs/platform/database';
import type { PersonalTable } from '../erasure/personal-data.js';

const first = '00000000-0000-0000-0000-000000000000';

/** What identity tells about a user, by table; no secrets, and no hashes of any. `$1`: realm, `$2`: user. A table of personal data that is neither here nor below fails a spec. */
export const exportedTables = {
  logins: {
    kind: 'login',
    statement: sql(
      'logins.export',
      `SELECT user_name, login_email, verified_email = login_email_canonical AS email_verified, email_verified_at, status, is_active, suspended AS deleted, password_hash IS NOT NULL AS has_password, created_at, last_login_at, '[]'::jsonb AS key
       FROM logins WHERE realm_id = $1 AND user_id = $2 AND status <> 'hidden' LIMIT CASE WHEN $3::jsonb IS NULL THEN $4::int ELSE 0 END`,
    ),
  },
  sessions: {
    kind: 'session',
    statement: sql(
      'sessions.export',
      `SELECT session_id, address, user_agent, created_at, last_used_at, idle_expires_at, expires_at, ended_at, end_reason, jsonb_build_array(session_id) AS key FROM sessions
       WHERE realm_id = $1 AND user_id = $2 AND session_id > coalesce($3::jsonb ->> 0, '${first}')::uuid ORDER BY session_id LIMIT $4`,
    ),
  },
  login_throttles: {
    kind: 'known_device',
    statement: sql(
      'login_throttles.export',
      `SELECT failures, touched_at AS last_used_at, jsonb_build_array(encode(throttle_key, 'hex')) AS key FROM login_throttles
       WHERE realm_id = $1 AND user_id = $2 AND throttle_key > decode(coalesce($3::jsonb ->> 0, ''), 'hex') ORDER BY throttle_key LIMIT $4`,
    ),
  },
  sso_links: {
    kind: 'single_sign_on',
    statement: sql(
      'sso_links.export',
      `SELECT organisation_id AS org_id, created_at, jsonb_build_array(organisation_id, encode(subject_hash, 'hex')) AS key FROM sso_links
       WHERE realm_id = $1 AND user_id = $2 AND (organisation_id, subject_hash) > (coalesce($3::jsonb ->> 0, '${first}')::uuid, decode(coalesce($3::jsonb ->> 1, ''), 'hex')) ORDER BY organisation_id, subject_hash LIMIT $4`,
    ),
  },
  outgoing_mails: {
    kind: 'mail',
    statement: sql(
      'outgoing_mails.export',
      `SELECT template, email, new_email, created_at, expires_at, used_at, jsonb_build_array(mail_id) AS key FROM outgoing_mails
       WHERE realm_id = $1 AND user_id = $2 AND mail_id > coalesce($3::jsonb ->> 0, '${first}')::uuid ORDER BY mail_id LIMIT $4`,
    ),
  },
} satisfies Partial<Record<PersonalTable, RowWalk>>;

/** What is about users, and why it is not told. */
export const notExported = {
  login_names: 'what the login is told with, once more',
  sso_codes: 'that somebody is about to be logged in, for a minute',
} satisfies Partial<Record<PersonalTable, string>>;
