import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { membership } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminAnywhere, adminPlace, adminProject } from '../../access/access-rule.js';
import { placeOf, standingAt } from '../../access/admin-access.js';
import type { AdminProjectCaller } from '../../access/caller.js';
import { httpErrors } from '../../http/http-errors.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { nameText, pageFields, pageQuery, projectParams, slugText, text } from './management.wire.js';
import { visibleIn, type Visible } from './visible.js';

const projectObject = z.object({
  project_id: z.string(),
  org_id: z.string(),
  team_id: z.string().nullable(),
  name: z.string(),
  slug: z.string(),
  metadata: membership.projectMetadata,
  settings: membership.projectSettings,
  created_at: z.string(),
  updated_at: z.string(),
});
type ProjectObject = z.output<typeof projectObject>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects',
  access: adminPlace('body', { organisation: 'projects:create', team: 'projects:create' }),
  idempotencyKey: 'honoured',
  summary: 'Make a project of an organisation, or of one of its teams',
  body: z.strictObject({
    org_id: text,
    team_id: text.nullish(),
    name: nameText,
    slug: slugText,
    metadata: membership.projectMetadata.nullish(),
    settings: membership.projectSettingsChange.nullish(),
  }),
  answer: { status: 201, description: 'The project', body: projectObject },
  failures: { 404: 'There is no such organisation or team.', 409: 'The slug is taken.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects',
  access: adminAnywhere,
  summary: 'List projects, newest first: those your roles reach, and all of organisations that you administer',
  query: pageQuery.extend({ org_id: text.optional().describe('Only projects of this organisation'), team_id: text.optional().describe('Only projects of this team') }),
  answer: { status: 200, description: 'One page', body: z.object({ projects: z.array(projectObject), ...pageFields }) },
  failures: { 404: 'There is no such organisation or team.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id',
  access: adminProject('project:read'),
  summary: 'Get a project, with its metadata and settings',
  params: projectParams,
  answer: { status: 200, description: 'The project', body: projectObject },
  failures: { 404: 'There is no such project.' },
});

const change = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/projects/:project_id',
  access: adminProject('project:write'),
  summary: 'Change a project: keys of metadata and settings that are named change, null takes one out; team_id "" takes it out of its team',
  params: projectParams,
  body: z.strictObject({
    team_id: z.string({ error: 'must be a string' }).max(64, 'must not be longer than 64 characters').nullish(),
    name: nameText.nullish(),
    slug: slugText.nullish(),
    metadata: membership.projectMetadata.nullish(),
    settings: membership.projectSettingsChange.nullish(),
  }),
  answer: { status: 200, description: 'The project', body: projectObject },
  failures: { 404: 'There is no such project or team.', 409: 'The slug is taken.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id',
  access: adminProject('project:delete'),
  summary: 'Delete a project with its roles and keys, and, if you say so, its users; else one that has none left',
  params: projectParams,
  query: z.object({ users: z.literal('erase', { error: 'must be erase' }).optional().describe('Erases its users with it') }),
  answer: { status: 204, description: 'It is gone, and what there is of it follows' },
  failures: { 404: 'There is no such project.', 409: 'It still has users.' },
});

@Controller()
export class ProjectsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<ProjectObject> {
    const { organisationId } = placeOf('organisation', body.org_id);
    const teamId = body.team_id == null ? null : placeOf('team', body.team_id).teamId;
    const wanted = { projectId: newId(), organisationId, teamId, name: body.name, slug: body.slug, metadata: withoutNulls(body.metadata ?? {}), settings: withoutNulls(body.settings ?? {}) };
    return toProjectObject(await this.rpc.call(membership.createProject, { ...wanted, actor: caller.actor }, context));
  }

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const page = { limit: query.page_size, after: query.cursor };
    const { projects, nextCursor } = await this.rpc.call(membership.listProjects, { ...(await this.filterOf(caller, query)), ...page }, { requestId });
    return { projects: projects.map(toProjectObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ caller, requestId }: RouteCall<typeof get>): Promise<ProjectObject> {
    return toProjectObject(await this.rpc.call(membership.getProject, { projectId: caller.projectId }, { requestId }));
  }

  @Serves(change)
  async change({ body, caller, context }: RouteCall<typeof change>): Promise<ProjectObject> {
    const teamId = body.team_id == null ? undefined : await mayMove(caller, body.team_id);
    const { name, slug, metadata, settings } = body;
    const changes = { name: name ?? undefined, slug: slug ?? undefined, teamId, metadata: metadata ?? undefined, settings: settings ?? undefined };
    return toProjectObject(await this.rpc.call(membership.updateProject, { projectId: caller.projectId, ...changes, actor: caller.actor }, context));
  }

  @Serves(remove)
  async remove({ query, caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(membership.deleteProject, { projectId: caller.projectId, eraseUsers: query.users === 'erase', actor: caller.actor }, context);
  }

  /** @returns what the list is narrowed to: what is asked for, and of it what the caller sees */
  private async filterOf({ admin }: RouteCall<typeof list>['caller'], query: { org_id?: string | undefined; team_id?: string | undefined }): Promise<Visible & { teamId?: string }> {
    const visible = await visibleIn(admin, query.org_id, 'projects:create');
    if (query.team_id === undefined || visible.projectId !== undefined) return visible;
    const place = placeOf('team', query.team_id);
    // Who sees a team sees all of its projects.
    const { organisationId } = await standingAt(admin, place, 'team:read');
    if (query.org_id !== undefined && visible.organisationId !== organisationId) throw httpErrors.failure('team-not-found', 'The organisation has no such team.');
    return { teamId: place.teamId };
  }
}

/** Taking a project to another team takes it from those who had it through the old one. @returns the team's id; null for none */
async function mayMove({ admin, projectId, organisationId }: AdminProjectCaller, teamText: string): Promise<string | null> {
  await standingAt(admin, { level: 'project', projectId }, 'project:delete');
  const target = teamText === '' ? ({ level: 'organisation', organisationId } as const) : placeOf('team', teamText);
  await standingAt(admin, target, 'projects:create');
  return target.level === 'team' ? target.teamId : null;
}

/** A key that is null is not there: as in a change, which takes it out. */
function withoutNulls<T extends object>(given: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as { [K in keyof T]?: NonNullable<T[K]> };
}

function toProjectObject({ projectId, organisationId, teamId, name, slug, metadata, settings, createdAt, modifiedAt }: membership.ProjectDetails): ProjectObject {
  return { project_id: projectId, org_id: organisationId, team_id: teamId, name, slug, metadata, settings, created_at: createdAt, updated_at: modifiedAt };
}
