import { Injectable } from '@nestjs/common';
import { impliedProjectRole, membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { RoleLevel } from '../access/access.repository.js';

/** The roles that a user was given in one project. */
export interface RolesInProject {
  userId: string;
  version: number;
  roles: string[];
}

/** A role by which somebody whose home is elsewhere reaches a project. */
export interface StaffRole {
  userId: string;
  level: RoleLevel;
  role: string;
}

// Hidden users hold nothing any more; who was never given a role has no row in `members`.
const describe = sql(
  'project_members.describe',
  `SELECT m.user_id AS "userId", m.access_version AS version, coalesce(array_agg(p.role ORDER BY p.role COLLATE "C") FILTER (WHERE p.role IS NOT NULL), '{}') AS roles
   FROM members m LEFT JOIN project_members p ON p.project_id = $1 AND p.user_id = m.user_id
   WHERE m.user_id = ANY (ARRAY(SELECT unnest($2::uuid[]))) AND m.hidden_at IS NULL GROUP BY m.user_id`,
);
const add = sql(
  'project_members.add',
  `INSERT INTO project_members (project_id, user_id, role, custom_role, at_home, created_by)
   SELECT project_id, user_id, role, CASE WHEN role = ANY ($5::text[]) THEN NULL ELSE role END, true, actor_id
   FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[]), (SELECT $3::text[]), (SELECT $4::text[])) AS given (project_id, user_id, role, actor_id)
   ON CONFLICT (project_id, user_id, role) DO NOTHING`,
);
const take = sql('project_members.take', 'DELETE FROM project_members WHERE project_id = $1 AND user_id = $2 AND role = ANY ($3::text[])');
const hold = sql('members.hold', 'SELECT FROM members WHERE user_id = $1 FOR SHARE');
// Each of the few who hold a role is looked up by themselves: joined otherwise, all members of all organisations are read. The planner
// does not see the parameters, so that the statement keeps its plan.
// As `access.in-project`: who is not active in the organisation has nothing in its teams and projects.
const staff = sql(
  'project_members.staff',
  `WITH project AS MATERIALIZED (SELECT project_id, organisation_id, team_id FROM projects WHERE project_id = (SELECT $1::uuid)), held AS MATERIALIZED (
     SELECT 'deployment' AS level, user_id, role FROM deployment_members WHERE EXISTS (SELECT FROM project)
     UNION ALL
     SELECT 'organisation', user_id, role FROM organisation_members WHERE organisation_id = (SELECT organisation_id FROM project) AND role = ANY (ARRAY(SELECT unnest($2::text[])))
     UNION ALL
     SELECT 'team', user_id, role FROM team_members WHERE organisation_id = (SELECT organisation_id FROM project) AND team_id = (SELECT team_id FROM project) AND (SELECT team_id FROM project) IS NOT NULL
     UNION ALL
     SELECT 'project', user_id, role FROM project_members WHERE project_id = (SELECT project_id FROM project) AND NOT at_home)
   SELECT held.user_id AS "userId", held.level, held.role FROM held
     CROSS JOIN LATERAL (SELECT FROM members m WHERE m.user_id = held.user_id AND m.hidden_at IS NULL AND m.deleted_at IS NULL OFFSET 0) AS here
   WHERE held.level = 'deployment'
     OR coalesce((SELECT m.status = 'active' FROM organisation_members m WHERE m.organisation_id = (SELECT organisation_id FROM project) AND m.user_id = held.user_id), true)
   ORDER BY held.user_id, held.role COLLATE "C"`,
);

const implying = Object.keys(impliedProjectRole);
const builtIn = [...membership.builtInRoleNames];

/** Who holds which role in a project, from the project's side. */
@Injectable()
export class HeldRolesRepository {
  async describe(on: Queryable, projectId: string, userIds: readonly string[]): Promise<RolesInProject[]> {
    return on.query<RolesInProject>(describe, [projectId, userIds]);
  }

  /**
   * Gives roles to users whose home the project is.
   * @throws Failure `project-not-found`; `role-unknown` when the project removed one in the meantime
   */
  async add(tx: Transaction, given: readonly { projectId: string; userId: string; role: string; actorId: string }[]): Promise<void> {
    if (given.length === 0) return;
    await tx.execute(add, [given.map(({ projectId }) => projectId), given.map(({ userId }) => userId), given.map(({ role }) => role), given.map(({ actorId }) => actorId), builtIn]).catch(
      onConstraint({
        project_members_project_id_fkey: () => membership.membershipErrors.failure('project-not-found', 'There is no such project.'),
        project_members_custom_role_fkey: () => membership.membershipErrors.failure('role-unknown', 'The project has removed one of the roles.'),
      }),
    );
  }

  async take(tx: Transaction, projectId: string, userId: string, roles: readonly string[]): Promise<void> {
    await tx.execute(take, [projectId, userId, roles]);
  }

  /** Keeps a user's roles as they are until the transaction ends: whoever changes them locks the same row. */
  async hold(tx: Transaction, userId: string): Promise<void> {
    await tx.query(hold, [userId]);
  }

  /** Every role that reaches the project, but those of its own users. */
  async staff(on: Queryable, projectId: string): Promise<StaffRole[]> {
    return on.query<StaffRole>(staff, [projectId, implying]);
  }
}
