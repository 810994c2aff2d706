import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';
import { isStaff } from '../roles/members.repository.js';

const { membershipErrors } = membership;

export interface Member {
  userId: string;
  role: string;
  status: membership.MembershipStatus | null;
  assignedAt: string;
}

const columns = (status: string) => `user_id AS "userId", role, ${status} AS status, created_at AS "assignedAt"`;
const inOrganisation = sql('members.in-organisation', `SELECT ${columns('status')} FROM organisation_members WHERE organisation_id = $1 AND user_id = $2`);
const inTeam = sql('members.in-team', `SELECT ${columns('NULL')} FROM team_members WHERE organisation_id = $1 AND team_id = $2 AND user_id = $3`);
const inProject = sql('members.in-project', `SELECT ${columns('NULL')} FROM project_members WHERE project_id = $1 AND user_id = $2 AND NOT at_home ORDER BY created_at, role`);
const exists = sql('members.exists', `SELECT FROM members m WHERE user_id = $1 AND hidden_at IS NULL AND deleted_at IS NULL AND ${isStaff('m')}`);
const isOf = sql(
  'members.is-of-organisation',
  `SELECT FROM members WHERE user_id = $2 AND hidden_at IS NULL AND deleted_at IS NULL AND (
     EXISTS (SELECT FROM organisation_members WHERE organisation_id = $1 AND user_id = $2)
     OR EXISTS (SELECT FROM team_members WHERE organisation_id = $1 AND user_id = $2)
     OR EXISTS (SELECT FROM project_members JOIN projects USING (project_id) WHERE organisation_id = $1 AND user_id = $2 AND NOT at_home))`,
);
const setStatus = sql('organisation_members.set-status', 'UPDATE organisation_members SET status = $3, modified_at = now(), modified_by = $4 WHERE organisation_id = $1 AND user_id = $2 AND status <> $3');
const join = sql('organisation_members.join-below', `INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) VALUES ($1, $2, 'member', $3, $3) ON CONFLICT (organisation_id, user_id) DO NOTHING`);
const replaceInProject = sql('project_members.replace', 'DELETE FROM project_members WHERE project_id = $1 AND user_id = $2 AND NOT at_home AND role <> $3');
const giveInProject = sql(
  'project_members.give',
  `INSERT INTO project_members (project_id, user_id, role, custom_role, created_by) VALUES ($1, $2, $3::text, CASE WHEN $3::text = ANY ($4::text[]) THEN NULL ELSE $3::text END, $5) ON CONFLICT (project_id, user_id, role) DO NOTHING`,
);
const removeFromOrganisation = sql('organisation_members.remove', 'DELETE FROM organisation_members WHERE organisation_id = $1 AND user_id = $2');
const removeFromTeams = sql('team_members.remove-all', 'DELETE FROM team_members WHERE organisation_id = $1 AND user_id = $2');
const removeFromProjects = sql('project_members.remove-all', 'DELETE FROM project_members USING projects p WHERE p.project_id = project_members.project_id AND p.organisation_id = $1 AND user_id = $2 AND NOT at_home');
const removeFromTeam = sql('team_members.remove', 'DELETE FROM team_members WHERE organisation_id = $1 AND team_id = $2 AND user_id = $3');
const removeFromProject = sql('project_members.remove', 'DELETE FROM project_members WHERE project_id = $1 AND user_id = $2 AND NOT at_home');
// `listings` has those whom lists show, in this order, and nobody else: a page of it is read from one index. Out of sub-selects,
// so that the planner sees no values, and the statement keeps its plan.
const page = (level: string, own: string, status: string, first = 'created_at') =>
  sql(
    `members.page-${level}`,
    `SELECT l.user_id AS "userId", role, status, created_at AS "assignedAt" FROM listings l
     CROSS JOIN LATERAL (SELECT role, ${status} AS status, created_at FROM ${own} AND user_id = l.user_id ORDER BY ${first} LIMIT 1) AS given
     WHERE l.scope_id = (SELECT $1::uuid) AND l.user_id < (SELECT $2::uuid) ORDER BY l.user_id DESC LIMIT (SELECT $3::integer)`,
  );
const pages = {
  organisation: page('organisation', 'organisation_members WHERE organisation_id = (SELECT $1::uuid)', 'status'),
  team: page('team', 'team_members WHERE organisation_id = (SELECT organisation_id FROM teams WHERE team_id = $1) AND team_id = (SELECT $1::uuid)', 'NULL'),
  // By invitation somebody comes to further roles in a project. Who looks over its members has to see the one that lets them do most.
  project: page('project', 'project_members WHERE project_id = (SELECT $1::uuid) AND NOT at_home', 'NULL', `array_position(ARRAY['project_admin', 'editor', 'viewer'], role), created_at`),
};

/** The roles that were given at one place. Every method that changes something answers whether it did. */
@Injectable()
export class GivenRolesRepository {
  /** Whether there is such a person at all among the staff. */
  async exists(on: Queryable, userId: string): Promise<boolean> {
    return (await on.query(exists, [userId])).length > 0;
  }

  /** Whether the user has anything to do with the organisation, whatever their status there. */
  async isOf(on: Queryable, organisationId: string, userId: string): Promise<boolean> {
    return (await on.query(isOf, [organisationId, userId])).length > 0;
  }

  async inOrganisation(on: Queryable, organisationId: string, userId: string): Promise<Member[]> {
    return on.query<Member>(inOrganisation, [organisationId, userId]);
  }

  async inTeam(on: Queryable, { organisationId, teamId }: membership.Team, userId: string): Promise<Member[]> {
    return on.query<Member>(inTeam, [organisationId, teamId, userId]);
  }

  async inProject(on: Queryable, projectId: string, userId: string): Promise<Member[]> {
    return on.query<Member>(inProject, [projectId, userId]);
  }

  async page(on: Queryable, level: keyof typeof pages, placeId: string, before: string, limit: number): Promise<Member[]> {
    return on.query<Member>(pages[level], [placeId, before, limit]);
  }

  /** Makes somebody who has no membership in the organisation a plain member. */
  async join(tx: Transaction, organisationId: string, userId: string, actorId: string): Promise<boolean> {
    return (await tx.execute(join, [organisationId, userId, actorId])) > 0;
  }

  async setStatus(tx: Transaction, organisationId: string, userId: string, status: string, actorId: string): Promise<boolean> {
    return (await tx.execute(setStatus, [organisationId, userId, status, actorId])) > 0;
  }

  /**
   * The role becomes the only one that was given to the user in the project.
   * @throws Failure `project-not-found`; `role-unknown` when the project removed it in the meantime
   */
  async setInProject(tx: Transaction, projectId: string, userId: string, role: string, actorId: string): Promise<boolean> {
    const taken = await tx.execute(replaceInProject, [projectId, userId, role]);
    const given = await tx.execute(giveInProject, [projectId, userId, role, [...membership.builtInRoleNames], actorId]).catch(
      onConstraint({
        project_members_project_id_fkey: () => membershipErrors.failure('project-not-found', 'There is no such project.'),
        project_members_custom_role_fkey: () => membershipErrors.failure('role-unknown', 'The project has removed the role.'),
      }),
    );
    return taken + given > 0;
  }

  /** From the organisation, its teams and its projects. */
  async removeFromOrganisation(tx: Transaction, organisationId: string, userId: string): Promise<boolean> {
    let removed = 0;
    for (const statement of [removeFromProjects, removeFromTeams, removeFromOrganisation]) removed += await tx.execute(statement, [organisationId, userId]);
    return removed > 0;
  }

  async removeFromTeam(tx: Transaction, { organisationId, teamId }: membership.Team, userId: string): Promise<boolean> {
    return (await tx.execute(removeFromTeam, [organisationId, teamId, userId])) > 0;
  }

  async removeFromProject(tx: Transaction, projectId: string, userId: string): Promise<boolean> {
    return (await tx.execute(removeFromProject, [projectId, userId])) > 0;
  }
}
