import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { dateText, longestUid, profiles, scalar, storableText } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ProjectUsers, type ProjectUser } from '../../upstream/project-users.js';
import { pageFields, pageQuery, projectParams } from './management.wire.js';
import { projectUserObject, toProjectUserObject, type ProjectUserObject } from './project-user.wire.js';

const userParams = projectParams.extend({ user_id: z.string() });
const unknownUser = { 404: 'There is no such project or user.' };
const dayMs = 86_400_000;
const mostDays = 366;
const usualDays = 30;

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/users/:user_id',
  access: adminProject('users:read'),
  summary: 'Get a user of a project with all that is kept of them: profile, devices, lists, segments, accounts',
  params: userParams,
  answer: { status: 200, description: 'The user', body: projectUserObject },
  failures: unknownUser,
});

const find = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/users/find',
  access: adminProject('users:read'),
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Find the user of a project who has this external id, with all that is kept of them',
  description: 'In the body, so that the name stands in no log of addresses.',
  params: projectParams,
  example: { uid: 'ada' },
  body: z.strictObject({
    uid: storableText.min(1, 'must not be empty').max(longestUid, `must not be longer than ${longestUid} characters`).describe('The external id; of a user without one, their email, user name or id'),
  }),
  answer: { status: 200, description: 'The user', body: projectUserObject },
  failures: unknownUser,
});

const events = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/users/:user_id/events',
  access: adminProject('events:read'),
  summary: 'A user’s time line, newest first',
  params: userParams,
  query: pageQuery.extend({
    event: z.string().max(256).optional().describe('Only events of this name'),
    from: dateText.optional().describe('Not before'),
    to: dateText.optional().describe('Before'),
  }),
  answer: { status: 200, description: 'One page', body: z.object({ events: z.array(z.object({ id: z.string(), event: z.string(), value: scalar.nullable(), properties: z.record(z.string(), scalar), timestamp: z.string() })), ...pageFields }) },
  failures: unknownUser,
});

const daily = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/users/:user_id/events/daily',
  access: adminProject('events:read'),
  summary: 'How often a user did what on which day (UTC); days without events are left out',
  params: userParams,
  query: z.object({
    from: dateText.optional().describe(`Not before; ${mostDays} days at the most. Default: ${usualDays} days before \`to\``),
    to: dateText.optional().describe('Before; default: now'),
  }),
  answer: {
    status: 200,
    description: 'Counts by day and name',
    body: z.object({ days: z.array(z.object({ day: z.string().describe('`2026-01-31`'), event: z.string().nullable().describe(`null: all but the ${profiles.mostCountedEvents} most frequent names`), count: z.number().int() })) }),
  },
  failures: unknownUser,
});

/** What a user's page shows besides what surface C tells. */
@Controller()
export class AdminProjectUsersRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly users: ProjectUsers,
  ) {}

  @Serves(get)
  async get({ params, caller, requestId }: RouteCall<typeof get>): Promise<ProjectUserObject> {
    const { user, staffRoles } = await this.user(caller.projectId, params.user_id, requestId);
    return toProjectUserObject(user, staffRoles);
  }

  @Serves(find)
  async find({ body: { uid }, caller: { projectId: realmId }, requestId }: RouteCall<typeof find>): Promise<ProjectUserObject> {
    return toProjectUserObject(await this.rpc.call(profiles.getUser, { realmId, user: { uid } }, { requestId }), undefined);
  }

  @Serves(events)
  async events({ params, query, caller, requestId }: RouteCall<typeof events>): Promise<z.output<typeof events.answer.body>> {
    const { user } = await this.user(caller.projectId, params.user_id, requestId);
    const { page_size: limit, ...filter } = query;
    const { events: found, nextCursor } = await this.rpc.call(profiles.listEvents, { realmId: user.realmId, user: { userId: user.userId }, limit, ...filter }, { requestId });
    return { events: found, next_cursor: nextCursor, page_size: limit };
  }

  @Serves(daily)
  async daily({ params, query, caller, requestId }: RouteCall<typeof daily>): Promise<z.output<typeof daily.answer.body>> {
    const to = query.to ?? new Date().toISOString();
    const from = query.from ?? new Date(Math.max(0, Date.parse(to) - usualDays * dayMs)).toISOString();
    if (Date.parse(to) - Date.parse(from) > mostDays * dayMs) throw platformErrors.failure('invalid-request', `from: must not be more than ${mostDays} days before to.`, { details: [{ path: 'from', message: `must not be more than ${mostDays} days before to` }] });
    const { user } = await this.user(caller.projectId, params.user_id, requestId);
    return this.rpc.call(profiles.countEventsByDay, { realmId: user.realmId, user: { userId: user.userId }, from, to }, { requestId });
  }

  private async user(projectId: string, userId: string, requestId: string): Promise<ProjectUser> {
    // What is not an id can't be anybody's: the same 404 as an unknown one.
    if (!z.uuid().safeParse(userId).success) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    return this.users.get(projectId, userId.toLowerCase(), requestId);
  }
}
