import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';

const { membershipErrors } = membership;
const columns = 'project_id AS "projectId", organisation_id AS "organisationId", team_id AS "teamId", name, slug';

// Without naming a constraint: it does nothing when the id is there (a retry) and when the slug is (somebody else's).
const insert = sql(
  'projects.insert',
  'INSERT INTO projects (project_id, organisation_id, team_id, slug, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING',
);
const get = sql('projects.get', `SELECT ${columns} FROM projects WHERE project_id = $1`);
const findBySlug = sql('projects.find-by-slug', `SELECT ${columns} FROM projects WHERE slug = $1`);

@Injectable()
export class ProjectsRepository {
  /**
   * @returns false when the id or the slug is there already
   * @throws Failure `organisation-not-found`; `team-not-found` also for the team of another organisation
   */
  async insert(tx: Transaction, { projectId, organisationId, teamId, slug, name }: membership.Project, actorId: string): Promise<boolean> {
    const inserted = await tx.execute(insert, [projectId, organisationId, teamId, slug, name, actorId]).catch(
      onConstraint({
        projects_organisation_id_fkey: () => membershipErrors.failure('organisation-not-found', 'There is no such organisation.'),
        projects_team_fkey: () => membershipErrors.failure('team-not-found', 'The organisation has no such team.'),
      }),
    );
    return inserted > 0;
  }

  async get(on: Queryable, projectId: string): Promise<membership.Project | undefined> {
    return (await on.query<membership.Project>(get, [projectId]))[0];
  }

  async findBySlug(on: Queryable, slug: string): Promise<membership.Project | undefined> {
    return (await on.query<membership.Project>(findBySlug, [slug]))[0];
  }
}
