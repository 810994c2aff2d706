import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { sql, type Queryable } from '#libs/platform/database';
import { isStaff } from '../roles/members.repository.js';

/** What a viewer has a part in. */
export interface Reach {
  everything: boolean;
  organisations: string[];
  teams: string[];
  projects: string[];
}

/** A role and whose it is. */
export type RoleOf = membership.GivenRole & { userId: string };

// Who is not active in an organisation has no part in its teams and projects.
const reachOfUser = sql(
  'staff.reach',
  `SELECT
     EXISTS (SELECT FROM deployment_members WHERE user_id = $1) AS everything,
     ARRAY(SELECT organisation_id FROM organisation_members WHERE user_id = $1 AND status = 'active') AS organisations,
     ARRAY(SELECT team_id FROM team_members t WHERE user_id = $1 AND NOT EXISTS (SELECT FROM organisation_members o WHERE o.organisation_id = t.organisation_id AND o.user_id = $1 AND o.status <> 'active')) AS teams,
     ARRAY(SELECT DISTINCT project_id FROM project_members JOIN projects p USING (project_id) WHERE user_id = $1 AND NOT at_home AND NOT EXISTS (SELECT FROM organisation_members o WHERE o.organisation_id = p.organisation_id AND o.user_id = $1 AND o.status <> 'active')) AS projects
   FROM members WHERE user_id = $1 AND hidden_at IS NULL AND deleted_at IS NULL`,
);

/**
 * Parameters of statements about people, as far as they lie within a reach: $1, users; $2, whether everything may be seen; $3, $4, $5, organisations, teams and
 * projects of the viewer. Out of sub-selects, so that the planner sees no values, and a statement keeps its plan: planning takes seven times as long as the roles of one user.
 */
export const reached = {
  users: 'ARRAY(SELECT unnest($1::uuid[]))',
  everything: '(SELECT $2::boolean)',
  organisations: 'ARRAY(SELECT unnest($3::uuid[]))',
  teams: 'ARRAY(SELECT unnest($4::uuid[]))',
  projects: 'ARRAY(SELECT unnest($5::uuid[]))',
};
const { users, everything, organisations, teams, projects } = reached;
const roles = sql(
  'staff.roles',
  `SELECT user_id AS "userId", 'deployment' AS level, NULL::uuid AS "organisationId", NULL::uuid AS "teamId", NULL::uuid AS "projectId", NULL AS name, role, NULL AS status, created_at AS "assignedAt"
   FROM deployment_members WHERE user_id = ANY (${users}) AND ${everything}
   UNION ALL
   SELECT user_id, 'organisation', organisation_id, NULL, NULL, o.name, role, status, m.created_at FROM organisation_members m JOIN organisations o USING (organisation_id)
   WHERE user_id = ANY (${users}) AND (${everything} OR organisation_id = ANY (${organisations}))
   UNION ALL
   SELECT user_id, 'team', organisation_id, team_id, NULL, t.name, role, NULL, m.created_at FROM team_members m JOIN teams t USING (organisation_id, team_id)
   WHERE user_id = ANY (${users}) AND (${everything} OR organisation_id = ANY (${organisations}) OR team_id = ANY (${teams}))
   UNION ALL
   SELECT user_id, 'project', p.organisation_id, p.team_id, project_id, p.name, role, NULL, m.created_at FROM project_members m JOIN projects p USING (project_id)
   WHERE user_id = ANY (${users}) AND NOT at_home AND (${everything} OR p.organisation_id = ANY (${organisations}) OR p.team_id = ANY (${teams}) OR project_id = ANY (${projects}))
   ORDER BY "assignedAt", "organisationId", "teamId", "projectId", role`,
);
const states = sql('staff.states', `SELECT user_id AS "userId", deleted_at AS "deletedAt" FROM members m WHERE user_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND hidden_at IS NULL AND ${isStaff('m')}`);

@Injectable()
export class StaffRepository {
  /** What a staff member has a part in; undefined for somebody who has none. */
  async reachOf(on: Queryable, userId: string): Promise<Reach | undefined> {
    return (await on.query<Reach>(reachOfUser, [userId]))[0];
  }

  /** The roles of people, as far as they lie within what the viewer has a part in. */
  async roles(on: Queryable, userIds: readonly string[], { everything, organisations, teams, projects }: Reach): Promise<RoleOf[]> {
    return on.query<RoleOf>(roles, [userIds, everything, organisations, teams, projects]);
  }

  /** Those of the people who are not hidden. */
  async states(on: Queryable, userIds: readonly string[]): Promise<{ userId: string; deletedAt: string | null }[]> {
    return on.query(states, [userIds]);
  }
}
