import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { membership, projectPermissions } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { projectPermission } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';

const permission = z.enum(projectPermissions, { error: `must be one of ${projectPermissions.join(', ')}` });
const roleParams = z.object({ project: z.string(), role: z.string() });
const projectParams = z.object({ project: z.string() });

const roleObject = z.object({
  id: z.string(),
  permissions: z.array(z.enum(projectPermissions)),
  isBuiltIn: z.boolean().describe('The same in every project; it can’t be changed'),
  createdAt: z.string().nullable(),
  createdBy: z.string().nullable(),
  modifiedAt: z.string().nullable(),
  modifiedBy: z.string().nullable(),
});
type RoleObject = z.output<typeof roleObject>;

const list = route({
  surface: 'project',
  method: 'GET',
  path: '/:project/roles',
  access: projectPermission('users:read'),
  summary: 'List the roles of the project, with what they permit',
  params: projectParams,
  answer: { status: 200, description: 'The built-in roles, then the project’s own by name', body: z.object({ data: z.array(roleObject) }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'project',
  method: 'GET',
  path: '/:project/roles/:role',
  access: projectPermission('users:read'),
  summary: 'Get a role',
  params: roleParams,
  answer: { status: 200, description: 'The role', body: roleObject },
  failures: { 404: 'There is no such project or role.' },
});

const put = route({
  surface: 'project',
  method: 'PUT',
  path: '/:project/roles/:role',
  access: projectPermission('roles:write'),
  summary: 'Make a role of the project, or change what it permits',
  params: z.object({ project: z.string(), role: membership.projectRoleName }),
  body: z.strictObject({ permissions: z.array(permission).max(100) }),
  answer: { status: 200, description: 'The role; those who hold it have its permissions within a second', body: roleObject },
  failures: { 403: 'It takes every permission that the role is to have.', 404: 'There is no such project.', 409: 'The role is a built-in one, or the project has as many as it may.' },
});

const remove = route({
  surface: 'project',
  method: 'DELETE',
  path: '/:project/roles/:role',
  access: projectPermission('roles:write'),
  summary: 'Remove a role that nobody holds',
  params: roleParams,
  answer: { status: 204, description: 'It is gone' },
  failures: { 404: 'There is no such project or role.', 409: 'The role is a built-in one, or somebody holds it: the answer says how many.' },
});

@Controller()
export class ProjectRolesRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ caller, requestId }: RouteCall<typeof list>): Promise<{ data: RoleObject[] }> {
    const { roles } = await this.rpc.call(membership.listProjectRoles, { projectId: caller.projectId }, { requestId });
    return { data: roles.map(toRoleObject) };
  }

  @Serves(get)
  async get({ params, caller, requestId }: RouteCall<typeof get>): Promise<RoleObject> {
    return toRoleObject(await this.rpc.call(membership.getProjectRole, { projectId: caller.projectId, role: nameOf(params) }, { requestId }));
  }

  @Serves(put)
  async put({ params, body, caller, context }: RouteCall<typeof put>): Promise<RoleObject> {
    const grantor = { actor: caller.actor, permissions: [...caller.permissions] };
    return toRoleObject(await this.rpc.call(membership.putProjectRole, { projectId: caller.projectId, role: params.role, permissions: body.permissions, grantor }, context));
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(membership.removeProjectRole, { projectId: caller.projectId, role: nameOf(params), actor: caller.actor }, context);
  }
}

/** What can't be the name of a role is none: the same 404. */
function nameOf({ role }: { role: string }): string {
  if (membership.projectRoleName.safeParse(role).success) return role;
  throw membership.membershipErrors.failure('role-not-found', 'The project has no such role.');
}

function toRoleObject({ role, permissions, builtIn, createdAt, createdBy, modifiedAt, modifiedBy }: membership.ProjectRoleDefinition): RoleObject {
  return { id: role, permissions, isBuiltIn: builtIn, createdAt, createdBy, modifiedAt, modifiedBy };
}
