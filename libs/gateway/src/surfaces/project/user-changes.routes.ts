import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { projectPermission } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ProjectUserChanges } from '../../upstream/project-user-changes.js';
import { ProjectUsers } from '../../upstream/project-users.js';
import { refuseReadOnly, registerBody, toProfilePatch, updateBody } from './user-changes.wire.js';
import { failuresInBody, grantorOf, refuseStaff, userIdOf, userParams } from './user-addresses.js';
import { toUserObject, userObject, type UserObject } from './user.wire.js';

const idAnswer = z.object({ result: z.string() });

const register = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/register',
  keepsAnswers: true,
  access: projectPermission('users:write'),
  idempotencyKey: 'honoured',
  summary: 'Register a user',
  params: z.object({ project: z.string() }),
  example: { username: 'ada.king', firstName: 'Ada', lastName: 'King', password: 'correct horse battery', roles: ['viewer'] },
  body: registerBody,
  answer: { status: 200, description: 'The new user’s id', body: idAnswer },
  failures: { 404: 'There is no such project.', 409: 'Another user has the user name, or logs in with the email.' },
});

const update = route({
  surface: 'project',
  method: 'PUT',
  path: '/:project/users/:id',
  access: projectPermission('users:write'),
  summary: 'Change a user: what is absent stays, attributes are merged, roles are replaced',
  params: userParams,
  body: updateBody,
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such project or user.', 409: 'Another user has the user name, or logs in with the email.' },
});

const setStatus = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/:id/status',
  access: projectPermission('users:write'),
  idempotencyKey: 'honoured',
  summary: 'Open or close a user’s account; closing it ends their sessions',
  params: userParams,
  body: z.strictObject({ isActive: z.boolean({ error: 'must be true or false' }) }),
  answer: { status: 200, description: 'The user’s id', body: idAnswer },
  failures: { 404: 'There is no such project or user.' },
});

@Controller()
export class ProjectUserChangesRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly users: ProjectUsers,
    private readonly changes: ProjectUserChanges,
  ) {}

  @Serves(register)
  async register({ body, caller, context }: RouteCall<typeof register>): Promise<{ result: string }> {
    const request = {
      realmId: caller.projectId,
      userId: newId(),
      userName: body.username ?? null,
      password: body.password ?? null,
      isActive: body.isActive ?? true,
      roles: [...new Set(body.roles)],
      profile: toProfilePatch(body),
      grantor: grantorOf(caller),
    };
    const { userId } = await failuresInBody(this.rpc.call(identity.registerUser, request, context));
    return { result: userId };
  }

  @Serves(update)
  async update({ params, body, caller, requestId, context }: RouteCall<typeof update>): Promise<UserObject> {
    const { user, staffRoles } = await this.users.get(caller.projectId, userIdOf(params), requestId);
    refuseStaff(staffRoles);
    refuseReadOnly(body, toUserObject(user));
    const { username: userName, roles, isActive } = body;
    const changes = { userName, roles: roles === null ? [] : roles, isActive, patch: toProfilePatch(body) };
    return toUserObject(await failuresInBody(this.changes.apply(user, changes, grantorOf(caller), { requestId, origin: context.origin })));
  }

  @Serves(setStatus)
  async setStatus({ params, body, caller, context }: RouteCall<typeof setStatus>): Promise<{ result: string }> {
    const { user, staffRoles } = await this.users.get(caller.projectId, userIdOf(params), context.requestId);
    refuseStaff(staffRoles);
    await this.changes.apply(user, { isActive: body.isActive, patch: {} }, grantorOf(caller), context);
    return { result: user.userId };
  }
}
