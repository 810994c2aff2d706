import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { sql, type Queryable } from '#libs/platform/database';

const columns = `project_id AS "projectId", organisation_id AS "organisationId", team_id AS "teamId", name, slug, settings, metadata, created_at AS "createdAt", modified_at AS "modifiedAt"`;
const page = 'ORDER BY project_id DESC LIMIT $2';

const all = sql('projects.list', `SELECT ${columns} FROM projects WHERE project_id < $1 ${page}`);
const ofOrganisation = sql('projects.list-of-organisation', `SELECT ${columns} FROM projects WHERE organisation_id = $3 AND project_id < $1 ${page}`);
const ofTeam = sql('projects.list-of-team', `SELECT ${columns} FROM projects WHERE organisation_id = (SELECT organisation_id FROM teams WHERE team_id = $3) AND team_id = $3 AND project_id < $1 ${page}`);
// A role says nothing while its holder is not active in the organisation.
const ofUser = sql(
  'projects.list-of-user',
  `SELECT ${columns} FROM projects
   WHERE project_id < $1 AND ($4::uuid IS NULL OR organisation_id = $4) AND ($5::uuid IS NULL OR team_id = $5)
     AND NOT EXISTS (SELECT FROM members WHERE user_id = $3 AND (hidden_at IS NOT NULL OR deleted_at IS NOT NULL))
     AND organisation_id NOT IN (SELECT organisation_id FROM organisation_members WHERE user_id = $3 AND status <> 'active')
     AND (
       organisation_id IN (SELECT organisation_id FROM organisation_members WHERE user_id = $3 AND role = 'org_admin')
       OR team_id IN (SELECT team_id FROM team_members WHERE user_id = $3)
       OR project_id IN (SELECT project_id FROM project_members WHERE user_id = $3))
   ${page}`,
);

/** Whose projects: a user's, an organisation's, a team's; the narrower one counts. */
export interface ProjectFilter {
  organisationId?: string | undefined;
  teamId?: string | undefined;
  userId?: string | undefined;
}

/** Lists of projects, by id downwards, from before `before`. */
@Injectable()
export class ProjectListsRepository {
  async list(on: Queryable, { organisationId, teamId, userId }: ProjectFilter, before: string, limit: number): Promise<membership.ProjectDetails[]> {
    if (userId !== undefined) return on.query<membership.ProjectDetails>(ofUser, [before, limit, userId, organisationId ?? null, teamId ?? null]);
    if (teamId !== undefined) return on.query<membership.ProjectDetails>(ofTeam, [before, limit, teamId]);
    return organisationId === undefined ? on.query<membership.ProjectDetails>(all, [before, limit]) : on.query<membership.ProjectDetails>(ofOrganisation, [before, limit, organisationId]);
  }
}
