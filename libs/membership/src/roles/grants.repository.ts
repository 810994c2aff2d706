import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Statement, type Transaction } from '#libs/platform/database';

const { membershipErrors } = membership;

const grantInDeployment = sql(
  'deployment_members.grant',
  `INSERT INTO deployment_members (user_id, role, created_by) VALUES ($1, $2, $3)
   ON CONFLICT (user_id) DO UPDATE SET role = excluded.role, created_by = excluded.created_by WHERE deployment_members.role <> excluded.role`,
);
const grantInOrganisation = sql(
  'organisation_members.grant',
  `INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) VALUES ($1, $2, $3, $4, $4)
   ON CONFLICT (organisation_id, user_id) DO UPDATE SET role = excluded.role, modified_at = now(), modified_by = excluded.modified_by
   WHERE organisation_members.role <> excluded.role`,
);
const grantInTeam = sql(
  'team_members.grant',
  `INSERT INTO team_members (organisation_id, team_id, user_id, role, created_by) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (organisation_id, team_id, user_id) DO UPDATE SET role = excluded.role, created_by = excluded.created_by WHERE team_members.role <> excluded.role`,
);
const grantInProject = sql(
  'project_members.grant',
  'INSERT INTO project_members (project_id, user_id, role, created_by) VALUES ($1, $2, $3, $4) ON CONFLICT (project_id, user_id, role) DO NOTHING',
);
const held: Record<membership.Scope['level'], Statement> = {
  deployment: sql('deployment_members.held', 'SELECT role FROM deployment_members WHERE user_id = $1 AND $2::uuid IS NULL'),
  organisation: sql('organisation_members.held', 'SELECT role FROM organisation_members WHERE user_id = $1 AND organisation_id = $2'),
  team: sql('team_members.held', 'SELECT role FROM team_members WHERE user_id = $1 AND team_id = $2'),
  project: sql('project_members.held', 'SELECT role FROM project_members WHERE user_id = $1 AND project_id = $2 AND NOT at_home ORDER BY created_at, role'),
};
const isOnlyAdmin = sql(
  'organisation_members.is-only-admin',
  `SELECT FROM organisation_members
   WHERE organisation_id = $1 AND user_id = $2 AND role = 'org_admin' AND status = 'active'
     AND NOT EXISTS (
       SELECT FROM organisation_members other JOIN members USING (user_id)
       WHERE other.organisation_id = $1 AND other.user_id <> $2 AND other.role = 'org_admin' AND other.status = 'active' AND members.hidden_at IS NULL AND members.deleted_at IS NULL)`,
);
const superAdmins = sql(
  'deployment_members.super-admins',
  `SELECT user_id AS "userId" FROM deployment_members JOIN members USING (user_id) WHERE role = 'super_admin' AND hidden_at IS NULL AND deleted_at IS NULL`,
);

/** Who holds which role at which level. Every method that grants answers whether that changed anything. */
@Injectable()
export class GrantsRepository {
  async inDeployment(tx: Transaction, userId: string, role: string, actorId: string): Promise<boolean> {
    return (await tx.execute(grantInDeployment, [userId, role, actorId])) > 0;
  }

  /** @throws Failure `organisation-not-found` */
  async inOrganisation(tx: Transaction, organisationId: string, userId: string, role: string, actorId: string): Promise<boolean> {
    const granted = await tx.execute(grantInOrganisation, [organisationId, userId, role, actorId]).catch(
      onConstraint({ organisation_members_organisation_id_fkey: () => membershipErrors.failure('organisation-not-found', 'There is no such organisation.') }),
    );
    return granted > 0;
  }

  /** @throws Failure `team-not-found` */
  async inTeam(tx: Transaction, team: membership.Team, userId: string, role: string, actorId: string): Promise<boolean> {
    const granted = await tx.execute(grantInTeam, [team.organisationId, team.teamId, userId, role, actorId]).catch(
      onConstraint({ team_members_team_fkey: () => membershipErrors.failure('team-not-found', 'There is no such team.') }),
    );
    return granted > 0;
  }

  /** @throws Failure `project-not-found` */
  async inProject(tx: Transaction, projectId: string, userId: string, role: string, actorId: string): Promise<boolean> {
    const granted = await tx.execute(grantInProject, [projectId, userId, role, actorId]).catch(
      onConstraint({ project_members_project_id_fkey: () => membershipErrors.failure('project-not-found', 'There is no such project.') }),
    );
    return granted > 0;
  }

  /** The roles that the user was given at the place itself. */
  async held(on: Queryable, userId: string, scope: membership.Scope): Promise<string[]> {
    return (await on.query<{ role: string }>(held[scope.level], [userId, placeIdOf(scope)])).map(({ role }) => role);
  }

  /** Whether the organisation would have no active org_admin without this user. Ask it with the organisation locked. */
  async isOnlyAdmin(tx: Transaction, organisationId: string, userId: string): Promise<boolean> {
    return (await tx.query(isOnlyAdmin, [organisationId, userId])).length > 0;
  }

  async superAdmins(on: Queryable): Promise<string[]> {
    return (await on.query<{ userId: string }>(superAdmins)).map(({ userId }) => userId);
  }

  /** Lets one transaction at a time decide who is the first super_admin: an absent row can't be locked, the table can. */
  async lockDeployment(tx: Transaction): Promise<void> {
    await tx.execute('LOCK TABLE deployment_members IN SHARE ROW EXCLUSIVE MODE');
  }
}

function placeIdOf(scope: membership.Scope): string | null {
  switch (scope.level) {
    case 'deployment':
      return null;
    case 'organisation':
      return scope.organisationId;
    case 'team':
      return scope.teamId;
    case 'project':
      return scope.projectId;
  }
}
