import { sql, type RowWalk } from '#libs/platform/database';

const first = '00000000-0000-0000-0000-000000000000';

/** What membership tells about a user, by table. `$1`: realm, which no table here knows; `$2`: user. A table of personal data that is neither here nor below fails a spec. */
export const exportedTables: Readonly<Record<string, RowWalk>> = {
  members: {
    kind: 'membership_state',
    statement: sql(
      'members.export',
      `SELECT deleted_at, '[]'::jsonb AS key FROM members WHERE $1::uuid IS NOT NULL AND user_id = $2 AND hidden_at IS NULL LIMIT CASE WHEN $3::jsonb IS NULL THEN $4::int ELSE 0 END`,
    ),
  },
  deployment_members: {
    kind: 'deployment_role',
    statement: sql('deployment_members.export', `SELECT role, created_at AS assigned_at, '[]'::jsonb AS key FROM deployment_members WHERE $1::uuid IS NOT NULL AND user_id = $2 LIMIT CASE WHEN $3::jsonb IS NULL THEN $4::int ELSE 0 END`),
  },
  organisation_members: {
    kind: 'organisation_role',
    statement: sql(
      'organisation_members.export',
      `SELECT organisation_id AS org_id, o.name AS org_name, role, status, m.created_at AS assigned_at, jsonb_build_array(organisation_id) AS key FROM organisation_members m JOIN organisations o USING (organisation_id)
       WHERE $1::uuid IS NOT NULL AND user_id = $2 AND organisation_id > coalesce($3::jsonb ->> 0, '${first}')::uuid ORDER BY organisation_id LIMIT $4`,
    ),
  },
  team_members: {
    kind: 'team_role',
    statement: sql(
      'team_members.export',
      `SELECT team_id, t.name AS team_name, organisation_id AS org_id, role, m.created_at AS assigned_at, jsonb_build_array(team_id) AS key FROM team_members m JOIN teams t USING (organisation_id, team_id)
       WHERE $1::uuid IS NOT NULL AND user_id = $2 AND team_id > coalesce($3::jsonb ->> 0, '${first}')::uuid ORDER BY team_id LIMIT $4`,
    ),
  },
  project_members: {
    kind: 'project_role',
    statement: sql(
      'project_members.export',
      `SELECT project_id, p.name AS project_name, role, m.created_at AS assigned_at, jsonb_build_array(project_id, role) AS key FROM project_members m JOIN projects p USING (project_id)
       WHERE $1::uuid IS NOT NULL AND user_id = $2 AND (project_id, role) > (coalesce($3::jsonb ->> 0, '${first}')::uuid, coalesce($3::jsonb ->> 1, '')) ORDER BY project_id, role LIMIT $4`,
    ),
  },
  invitations: {
    kind: 'invitation',
    statement: sql(
      'invitations.export',
      `SELECT invitation_id, email, role, level, organisation_id AS org_id, team_id, project_id, CASE WHEN status = 'pending' AND expires_at <= now() THEN 'expired' ELSE status END AS status, created_at, expires_at, closed_at, jsonb_build_array(invitation_id) AS key
       FROM invitations WHERE $1::uuid IS NOT NULL AND user_id = $2 AND invitation_id > coalesce($3::jsonb ->> 0, '${first}')::uuid ORDER BY invitation_id LIMIT $4`,
    ),
  },
};

/** What is about users, and why it is not told. */
export const notExported: Readonly<Record<string, string>> = {
  directory: 'copies of the name and the email, which profiles tells',
  listings: 'the same once more for each list, to sort by',
};
