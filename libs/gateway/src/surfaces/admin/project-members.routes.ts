import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Members } from '../../upstream/members.js';
import { pageFields, pageQuery, projectParams } from './management.wire.js';
import { memberObject, roleText, toMemberObject, type MemberObject } from './member.wire.js';

const placeParams = projectParams;
const memberParams = placeParams.extend({ user_id: z.string() });

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/members',
  access: adminProject('staff:list'),
  summary: 'List those who were given a role in a project itself, the newest users first',
  params: placeParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ members: z.array(memberObject), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const set = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/admin/projects/:project_id/members/:user_id',
  access: adminProject('roles:write'),
  summary: 'Give somebody of the organisation a role in the project, in place of those they were given there',
  params: memberParams,
  body: z.strictObject({ role: roleText }),
  answer: { status: 200, description: 'The member', body: memberObject },
  failures: { 404: 'There is no such project or user.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/members/:user_id',
  access: adminProject('roles:write'),
  summary: 'Take the roles that somebody was given in the project; those that a team or the organisation implies stay',
  params: memberParams,
  answer: { status: 204, description: 'The roles are gone, on every surface within a second' },
  failures: { 404: 'There is no such project or member.' },
});

@Controller()
export class ProjectMembersRoutes {
  constructor(private readonly members: Members) {}

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { members, nextCursor } = await this.members.list(placeOf(caller), { limit: query.page_size, after: query.cursor }, requestId);
    return { members: members.map(toMemberObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(set)
  async set({ params, body, caller, requestId }: RouteCall<typeof set>): Promise<MemberObject> {
    return toMemberObject(await this.members.set(caller, placeOf(caller), params.user_id, { role: body.role }, requestId));
  }

  @Serves(remove)
  async remove({ params, caller, requestId }: RouteCall<typeof remove>): Promise<void> {
    await this.members.remove(caller, placeOf(caller), params.user_id, requestId);
  }
}

function placeOf({ projectId }: { projectId: string }) {
  return { level: 'project', projectId } as const;
}
