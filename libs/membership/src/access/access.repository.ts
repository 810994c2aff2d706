import { Injectable } from '@nestjs/common';
import type { ProjectPermission } from '#libs/contracts';
import { sql, type Queryable } from '#libs/platform/database';

export type RoleLevel = 'deployment' | 'organisation' | 'team' | 'project';

/** A role that a user holds, and the level it was given at. */
export interface HeldRole {
  level: RoleLevel;
  role: string;
  /** Of a role that the project defined: what it permits. Null for the others, which the permission table knows. */
  permissions: ProjectPermission[] | null;
}

// Who is not active in the organisation has nothing in its teams and projects either, whatever was given there directly.
const inProject = sql(
  'access.in-project',
  `WITH project AS (
     SELECT project_id, organisation_id, team_id FROM projects
     WHERE project_id = $2 AND NOT EXISTS (SELECT FROM members WHERE user_id = $1 AND (hidden_at IS NOT NULL OR deleted_at IS NOT NULL))
   ), reachable AS (
     SELECT * FROM project
     WHERE NOT EXISTS (SELECT FROM organisation_members m WHERE m.organisation_id = project.organisation_id AND m.user_id = $1 AND m.status <> 'active')
   )
   SELECT 'deployment' AS level, role, NULL::text[] AS permissions FROM project JOIN deployment_members ON user_id = $1
   UNION ALL
   SELECT 'organisation', role, NULL FROM reachable JOIN organisation_members USING (organisation_id) WHERE user_id = $1
   UNION ALL
   SELECT 'team', role, NULL FROM reachable JOIN team_members USING (organisation_id, team_id) WHERE user_id = $1
   UNION ALL
   SELECT 'project', m.role, own.permissions FROM reachable JOIN project_members m USING (project_id)
     LEFT JOIN project_roles own ON own.project_id = m.project_id AND own.role = m.custom_role WHERE m.user_id = $1`,
);

const staff = sql(
  'access.staff',
  `SELECT (SELECT role FROM deployment_members WHERE user_id = $1) AS "globalRole",
     coalesce((
       SELECT jsonb_agg(jsonb_build_object('organisationId', organisation_id, 'name', name, 'role', role) ORDER BY name, organisation_id)
       FROM organisation_members JOIN organisations USING (organisation_id)
       WHERE user_id = $1 AND status = 'active'), '[]') AS organisations
   FROM members WHERE user_id = $1 AND hidden_at IS NULL AND deleted_at IS NULL`,
);

/** The reading side of roles: one query an answer, over every table that can give access. */
@Injectable()
export class AccessRepository {
  /** Every role of the user that lies on the way to the project, from the top down; of a hidden user none. */
  async rolesOnTheWayTo(on: Queryable, projectId: string, userId: string): Promise<HeldRole[]> {
    return on.query<HeldRole>(inProject, [userId, projectId]);
  }

  /** The user's roles above projects; undefined for one who has none, or is hidden. */
  async staffRoles(on: Queryable, userId: string): Promise<StaffRoles | undefined> {
    return (await on.query<StaffRoles>(staff, [userId]))[0];
  }
}

export interface StaffRoles {
  globalRole: 'super_admin' | null;
  organisations: { organisationId: string; name: string; role: string }[];
}
