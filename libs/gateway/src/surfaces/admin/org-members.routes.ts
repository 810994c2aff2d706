import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { adminOfOrganisation } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Members } from '../../upstream/members.js';
import { pageFields, pageQuery } from './management.wire.js';
import { orgMemberObject, roleText, toOrgMemberObject, type OrgMemberObject } from './member.wire.js';

const placeParams = z.object({ org_id: z.string() });
const memberParams = placeParams.extend({ user_id: z.string() });

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/members',
  access: adminOfOrganisation('staff:list'),
  summary: 'List those who were given a role in an organisation itself, the newest users first',
  params: placeParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ members: z.array(orgMemberObject), ...pageFields }) },
  failures: { 404: 'There is no such organisation.' },
});

const set = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/admin/orgs/:org_id/members/:user_id',
  access: adminOfOrganisation('roles:write'),
  summary: 'Give somebody a role in the organisation in place of the one they have, activate or deactivate them there',
  params: memberParams,
  body: z.strictObject({ role: roleText.nullish(), status: z.enum(['active', 'inactive'], { error: 'must be active or inactive' }).nullish() }),
  answer: { status: 200, description: 'The member', body: orgMemberObject },
  failures: { 404: 'There is no such organisation or user.', 409: 'The last org_admin stays; who is invited becomes active by accepting.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/orgs/:org_id/members/:user_id',
  access: adminOfOrganisation('roles:write'),
  summary: 'Take somebody out of the organisation, its teams and its projects',
  params: memberParams,
  answer: { status: 204, description: 'The roles are gone, on every surface within a second' },
  failures: { 404: 'There is no such organisation or member.', 409: 'The last org_admin stays; who is invited becomes active by accepting.' },
});

@Controller()
export class OrgMembersRoutes {
  constructor(private readonly members: Members) {}

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { members, nextCursor } = await this.members.list(placeOf(caller), { limit: query.page_size, after: query.cursor }, requestId);
    return { members: members.map(toOrgMemberObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(set)
  async set({ params, body, caller, requestId }: RouteCall<typeof set>): Promise<OrgMemberObject> {
    return toOrgMemberObject(await this.members.set(caller, placeOf(caller), params.user_id, { role: body.role ?? undefined, status: body.status ?? undefined }, requestId));
  }

  @Serves(remove)
  async remove({ params, caller, requestId }: RouteCall<typeof remove>): Promise<void> {
    await this.members.remove(caller, placeOf(caller), params.user_id, requestId);
  }
}

function placeOf({ organisationId }: { organisationId: string }) {
  return { level: 'organisation', organisationId } as const;
}
