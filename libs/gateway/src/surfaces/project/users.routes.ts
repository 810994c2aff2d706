import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { identity, membership } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { projectPermission } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ProjectUsers } from '../../upstream/project-users.js';
import { ReferencedUsers } from '../../upstream/referenced-users.js';
import { grantorOf, refuseStaff, userIdOf, userParams } from './user-addresses.js';
import { resolveQuery, resolvesReferences } from './user-query.wire.js';
import { resolvedUser, toResolvedUser, toUserObject, type ResolvedUser } from './user.wire.js';

const getUser = route({
  surface: 'project',
  method: 'GET',
  path: '/:project/users/:id',
  access: projectPermission('users:read'),
  summary: 'Get a user',
  params: userParams,
  query: resolveQuery,
  answer: { status: 200, description: 'The user', body: resolvedUser },
  failures: { 404: 'There is no such project or user.' },
});

const changePassword = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/:id/change-password',
  access: projectPermission('users:write'),
  idempotencyKey: 'honoured',
  summary: 'Give a user a password; ends their other sessions',
  params: userParams,
  body: z.strictObject({ password: z.string().max(1_024) }),
  answer: { status: 200, description: 'The user’s id', body: z.object({ result: z.string() }) },
  failures: { 404: 'There is no such project or user.', 409: 'The user has no email to log in with, or it is another user’s login.' },
});

@Controller()
export class ProjectUsersRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly users: ProjectUsers,
    private readonly references: ReferencedUsers,
  ) {}

  @Serves(getUser)
  async get({ params, query, caller, requestId }: RouteCall<typeof getUser>): Promise<ResolvedUser> {
    const resolves = resolvesReferences(query.resolve);
    const { user, staffRoles } = await this.users.get(caller.projectId, userIdOf(params), requestId);
    const references = resolves ? await this.references.of(caller.projectId, [user], requestId) : undefined;
    return toResolvedUser(toUserObject(user, staffRoles), references);
  }

  @Serves(changePassword)
  async changePassword({ params, body, caller, requestId, context }: RouteCall<typeof changePassword>): Promise<{ result: string }> {
    const { user, staffRoles } = await this.users.get(caller.projectId, userIdOf(params), requestId);
    refuseStaff(staffRoles);
    // Whoever sets a password can be that user: it takes as much as the user may do.
    await this.rpc.call(membership.checkRank, { projectId: caller.projectId, userId: user.userId, grantor: grantorOf(caller) }, { requestId });
    // A user who changes their own password stays logged in where they did it.
    const keepSessionId = caller.actor.id === user.userId ? caller.sessionId : null;
    await this.rpc.call(identity.setPassword, { realmId: caller.projectId, userId: user.userId, password: body.password, keepSessionId, actor: caller.actor }, context);
    return { result: user.userId };
  }
}
