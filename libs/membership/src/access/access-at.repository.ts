import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Statement } from '#libs/platform/database';
import type { HeldRole } from './access.repository.js';

/** `atHome`: the place is a project, and the user its own. */
export interface RoleAtPlace extends HeldRole {
  atHome: boolean;
}

/** What lies at a place, and what a user is there. */
export interface Standing {
  organisationId: string | null;
  teamId: string | null;
  /** Also those that allow nothing there: a `member` of the organisation has nothing in its teams and projects. */
  roles: RoleAtPlace[];
  belongs: boolean;
}

// Who is not active in the organisation has nothing in its teams and projects either, whatever was given there directly.
const reachable = `
  user_is AS (SELECT NOT EXISTS (SELECT FROM members WHERE user_id = $1 AND (hidden_at IS NOT NULL OR deleted_at IS NOT NULL)) AS visible),
  reachable AS (
    SELECT place.* FROM place, user_is
    WHERE visible AND NOT EXISTS (SELECT FROM organisation_members m WHERE m.organisation_id = place.organisation_id AND m.user_id = $1 AND m.status <> 'active')
  ),
  held AS (
    SELECT 1 AS rank, 'deployment' AS level, role, NULL::text[] AS permissions, false AS at_home FROM deployment_members, user_is WHERE user_id = $1 AND visible
    UNION ALL
    SELECT 2, 'organisation', role, NULL, false FROM reachable JOIN organisation_members USING (organisation_id) WHERE user_id = $1`;

const roles = `coalesce((SELECT jsonb_agg(jsonb_build_object('level', level, 'role', role, 'permissions', permissions, 'atHome', at_home) ORDER BY rank, role) FROM held), '[]')`;

const atDeployment = sql(
  'access.at-deployment',
  `WITH held AS (
     SELECT 1 AS rank, 'deployment' AS level, role, NULL::text[] AS permissions, false AS at_home FROM deployment_members JOIN members USING (user_id) WHERE user_id = $1 AND hidden_at IS NULL AND deleted_at IS NULL)
   SELECT NULL::uuid AS "organisationId", NULL::uuid AS "teamId", ${roles} AS roles, EXISTS (SELECT FROM held) AS belongs`,
);
const atOrganisation = sql(
  'access.at-organisation',
  `WITH place AS (SELECT organisation_id FROM organisations WHERE organisation_id = $2), ${reachable})
   SELECT organisation_id AS "organisationId", NULL::uuid AS "teamId", ${roles} AS roles,
     EXISTS (SELECT FROM held)
       OR EXISTS (SELECT FROM reachable JOIN team_members USING (organisation_id) WHERE user_id = $1)
       OR EXISTS (SELECT FROM reachable JOIN projects USING (organisation_id) JOIN project_members USING (project_id) WHERE user_id = $1) AS belongs
   FROM place`,
);
const atTeam = sql(
  'access.at-team',
  `WITH place AS (SELECT organisation_id, team_id FROM teams WHERE team_id = $2), ${reachable}
    UNION ALL
    SELECT 3, 'team', role, NULL, false FROM reachable JOIN team_members USING (organisation_id, team_id) WHERE user_id = $1)
   SELECT organisation_id AS "organisationId", team_id AS "teamId", ${roles} AS roles, EXISTS (SELECT FROM held) AS belongs FROM place`,
);
const atProject = sql(
  'access.at-project',
  `WITH place AS (SELECT organisation_id, team_id, project_id FROM projects WHERE project_id = $2), ${reachable}
    UNION ALL
    SELECT 3, 'team', role, NULL, false FROM reachable JOIN team_members USING (organisation_id, team_id) WHERE user_id = $1
    UNION ALL
    SELECT 4, 'project', m.role, own.permissions, m.at_home FROM reachable JOIN project_members m USING (project_id)
      LEFT JOIN project_roles own ON own.project_id = m.project_id AND own.role = m.custom_role WHERE m.user_id = $1)
   SELECT organisation_id AS "organisationId", team_id AS "teamId", ${roles} AS roles, EXISTS (SELECT FROM held) AS belongs FROM place`,
);

/** What a user is at a place, in one query. Undefined: there is no such place. */
@Injectable()
export class AccessAtRepository {
  async deployment(on: Queryable, userId: string): Promise<Standing> {
    const [row] = await on.query<Standing>(atDeployment, [userId]);
    return row!;
  }

  organisation(on: Queryable, userId: string, organisationId: string): Promise<Standing | undefined> {
    return this.at(on, atOrganisation, userId, organisationId);
  }

  team(on: Queryable, userId: string, teamId: string): Promise<Standing | undefined> {
    return this.at(on, atTeam, userId, teamId);
  }

  project(on: Queryable, userId: string, projectId: string): Promise<Standing | undefined> {
    return this.at(on, atProject, userId, projectId);
  }

  private async at(on: Queryable, statement: Statement, userId: string, placeId: string): Promise<Standing | undefined> {
    return (await on.query<Standing>(statement, [userId, placeId]))[0];
  }
}
