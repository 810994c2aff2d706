import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';

const { membershipErrors } = membership;
const columns = 'project_id AS "projectId", organisation_id AS "organisationId", team_id AS "teamId", name, slug, settings';
const details = `${columns}, metadata, created_at AS "createdAt", modified_at AS "modifiedAt"`;

// Without naming a constraint: it does nothing when the id is there (a retry) and when the slug is (somebody else's).
const insert = sql(
  'projects.insert',
  `INSERT INTO projects (project_id, organisation_id, team_id, slug, name, metadata, settings, created_by, modified_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING ${details}`,
);
const get = sql('projects.get', `SELECT ${columns} FROM projects WHERE project_id = $1`);
const findBySlug = sql('projects.find-by-slug', `SELECT ${columns} FROM projects WHERE slug = $1`);
const getDetails = sql('projects.get-details', `SELECT ${details} FROM projects WHERE project_id = $1`);
const lock = sql('projects.lock', `SELECT ${details} FROM projects WHERE project_id = $1 FOR NO KEY UPDATE`);
// Waits for everybody who refers to the project, and lets nobody refer to it until the transaction ends.
const lockToDelete = sql('projects.lock-to-delete', `SELECT ${details} FROM projects WHERE project_id = $1 FOR UPDATE`);
const update = sql(
  'projects.update',
  `UPDATE projects SET name = $2, slug = $3, team_id = $4, metadata = $5, settings = $6, modified_at = now(), modified_by = $7 WHERE project_id = $1 RETURNING ${details}`,
);
const remove = sql('projects.remove', 'DELETE FROM projects WHERE project_id = $1');

const slugTaken = () => membershipErrors.failure('slug-taken', 'Another project has this slug.', { details: [{ path: 'slug', message: 'is taken' }] });
const teamNotFound = () => membershipErrors.failure('team-not-found', 'The organisation has no such team.');

export interface NewProject {
  projectId: string;
  organisationId: string;
  teamId: string | null;
  slug: string;
  name: string;
  metadata?: membership.ProjectMetadata | undefined;
  settings?: membership.ProjectSettings | undefined;
}

@Injectable()
export class ProjectsRepository {
  /**
   * @returns undefined when the id or the slug is there already
   * @throws Failure `organisation-not-found`; `team-not-found` also for the team of another organisation
   */
  async insert(tx: Transaction, { projectId, organisationId, teamId, slug, name, metadata = {}, settings = {} }: NewProject, actorId: string): Promise<membership.ProjectDetails | undefined> {
    const [row] = await tx.query<membership.ProjectDetails>(insert, [projectId, organisationId, teamId, slug, name, JSON.stringify(metadata), JSON.stringify(settings), actorId]).catch(
      onConstraint({
        projects_organisation_id_fkey: () => membershipErrors.failure('organisation-not-found', 'There is no such organisation.'),
        projects_team_fkey: teamNotFound,
      }),
    );
    return row;
  }

  async get(on: Queryable, projectId: string): Promise<membership.Project | undefined> {
    return (await on.query<membership.Project>(get, [projectId]))[0];
  }

  async findBySlug(on: Queryable, slug: string): Promise<membership.Project | undefined> {
    return (await on.query<membership.Project>(findBySlug, [slug]))[0];
  }

  async details(on: Queryable, projectId: string): Promise<membership.ProjectDetails | undefined> {
    return (await on.query<membership.ProjectDetails>(getDetails, [projectId]))[0];
  }

  async lock(tx: Transaction, projectId: string, purpose: 'change' | 'delete'): Promise<membership.ProjectDetails | undefined> {
    return (await tx.query<membership.ProjectDetails>(purpose === 'change' ? lock : lockToDelete, [projectId]))[0];
  }

  /** @throws Failure `slug-taken`; `team-not-found` also for the team of another organisation */
  async update(tx: Transaction, { projectId, name, slug, teamId, metadata, settings }: membership.ProjectDetails, actorId: string): Promise<membership.ProjectDetails> {
    const [row] = await tx.query<membership.ProjectDetails>(update, [projectId, name, slug, teamId, JSON.stringify(metadata), JSON.stringify(settings), actorId]).catch(
      onConstraint({ projects_slug_key: slugTaken, projects_team_fkey: teamNotFound }),
    );
    return row!;
  }

  async remove(tx: Transaction, projectId: string): Promise<void> {
    await tx.execute(remove, [projectId]);
  }
}
