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
   WHERE m.user_id = ANY ($2::uuid[]) AND m.hidden_at IS NULL GROUP BY m.user_id`,
);
const add = sql(
  'project_members.add',
  `INSERT INTO project_members (project_id, user_id, role, custom_role, at_home, created_by)
   SELECT $1, $2, role, CASE WHEN role = ANY ($4::text[]) THEN NULL ELSE role END, true, $5 FROM unnest($3::text[]) AS role
   ON CONFLICT (project_id, user_id, role) DO NOTHING`,
);
const take = sql('project_members.take', 'DELETE FROM project_members WHERE project_id = $1 AND user_id = $2 AND role = ANY ($3::text[])');
const hold = sql('members.hold', 'SELECT FROM members WHERE user_id = $1 FOR SHARE');
// As `access.in-project`: who is not active in the organisation has nothing in its teams and projects.
const staff = sql(
  'project_members.staff',
  `WITH project AS (SELECT project_id, organisation_id, team_id FROM projects WHERE project_id = $1), held AS (
     SELECT 'deployment' AS level, user_id, role FROM project CROSS JOIN deployment_members
     UNION ALL
     SELECT 'organisation', user_id, role FROM project JOIN organisation_members USING (organisation_id) WHERE role = ANY ($2::text[])
     UNION ALL
     SELECT 'team', user_id, role FROM project JOIN team_members USING (organisation_id, team_id)
     UNION ALL
     SELECT 'project', user_id, role FROM project JOIN project_members USING (project_id) WHERE NOT at_home)
   SELECT held.user_id AS "userId", held.level, held.role FROM held JOIN members USING (user_id)
   WHERE members.hidden_at IS NULL AND members.deleted_at IS NULL AND (held.level = 'deployment' OR NOT EXISTS (
     SELECT FROM project JOIN organisation_members m USING (organisation_id) WHERE m.user_id = held.user_id AND m.status <> 'active'))
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
   * Gives roles to a user whose home the project is.
   * @throws Failure `project-not-found`; `role-unknown` when the project removed one in the meantime
   */
  async add(tx: Transaction, projectId: string, userId: string, roles: readonly string[], actorId: string): Promise<void> {
    await tx.execute(add, [projectId, userId, roles, builtIn, actorId]).catch(
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
