import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { identity, profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { httpErrors } from '../../http/http-errors.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ProjectUsers } from '../../upstream/project-users.js';
import { pageFields, pageQuery, projectParams } from './management.wire.js';
import { sessionObject, toSessionObject } from './session.wire.js';

const userParams = projectParams.extend({ user_id: z.string() });
const unknownUser = { 404: 'There is no such project or user.' };

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/users/:user_id/sessions',
  access: adminProject('users:read'),
  summary: 'List where a user is logged in, newest first',
  params: userParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ sessions: z.array(sessionObject), ...pageFields }) },
  failures: unknownUser,
});

const endOne = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/users/:user_id/sessions/:session_id',
  access: adminProject('users:write'),
  summary: 'Log a user out of one session',
  params: userParams.extend({ session_id: z.string() }),
  answer: { status: 204, description: 'Its tokens are refused everywhere within a second' },
  failures: { 404: 'There is no such project, user or session.' },
});

const endAll = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/users/:user_id/sessions',
  access: adminProject('users:write'),
  summary: 'Log a user out of every session',
  params: userParams,
  answer: { status: 204, description: 'Their tokens are refused everywhere within a second' },
  failures: unknownUser,
});

/** The sessions of a user whose home is the project. Staff, whose sessions are not the project's, are seen and not logged out here. */
@Controller()
export class UserSessionsRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly users: ProjectUsers,
  ) {}

  @Serves(list)
  async list({ params, query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const userId = await this.homeUser(caller.projectId, params.user_id, requestId);
    const { sessions, nextCursor } = await this.rpc.call(identity.listSessions, { realmId: caller.projectId, userId, limit: query.page_size, cursor: query.cursor }, { requestId });
    return { sessions: sessions.map(toSessionObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(endOne)
  async endOne({ params, caller, context }: RouteCall<typeof endOne>): Promise<void> {
    const userId = await this.homeUser(caller.projectId, params.user_id, context.requestId);
    if (!z.uuid().safeParse(params.session_id).success) throw identity.identityErrors.failure('session-not-found', 'There is no such session.');
    await this.rpc.call(identity.endOneSession, { realmId: caller.projectId, userId, sessionId: params.session_id, actor: caller.actor }, context);
  }

  @Serves(endAll)
  async endAll({ params, caller, context }: RouteCall<typeof endAll>): Promise<void> {
    const userId = await this.homeUser(caller.projectId, params.user_id, context.requestId);
    await this.rpc.call(identity.endAllSessions, { realmId: caller.projectId, userId, keepSessionId: null, actor: caller.actor }, context);
  }

  private async homeUser(projectId: string, userId: string, requestId: string): Promise<string> {
    // What is not an id can't be anybody's: the same 404 as an unknown one.
    if (!z.uuid().safeParse(userId).success) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    const { user, staffRoles } = await this.users.get(projectId, userId, requestId);
    if (staffRoles !== undefined) throw httpErrors.failure('user-is-staff', 'The sessions of staff are their own; a project only holds their role.');
    return user.userId;
  }
}
