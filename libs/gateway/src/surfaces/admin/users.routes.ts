import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { membership } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { adminAnywhere, adminPlace } from '../../access/access-rule.js';
import { standingAt } from '../../access/admin-access.js';
import type { AdminPlaceCaller } from '../../access/caller.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Staff } from '../../upstream/staff.js';
import { pageFields, pageQuery, text } from './management.wire.js';
import { membershipsObject, toMembershipsObject, toUserObject, userObject, userParams, viewerOf, type MembershipsObject, type UserObject } from './user.wire.js';

const oneOf = (values: readonly string[]) => `must be one of ${values.join(', ')}`;
const sortOrders = ['asc', 'desc'] as const;

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users',
  access: adminPlace('query', { organisation: 'staff:list', team: 'staff:list', project: 'staff:list' }),
  summary: 'List the people of an organisation, a team or a project (those with a role in it, and the members of its team); without a scope, of your organisation',
  query: pageQuery.extend({
    org_id: text.optional(),
    team_id: text.optional(),
    project_id: text.optional(),
    search: z.string().max(200, 'must not be longer than 200 characters').regex(/^[^\0]*$/, 'must not contain the character U+0000').optional().describe('Anywhere in name or email, in any case'),
    sort_by: z.enum(membership.staffSortKeys, { error: oneOf(membership.staffSortKeys) }).default('created_at'),
    sort_order: z.enum(sortOrders, { error: oneOf(sortOrders) }).default('desc'),
  }),
  answer: { status: 200, description: 'One page', body: z.object({ users: z.array(userObject), ...pageFields }) },
  failures: { 404: 'There is no such organisation, team or project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/:user_id',
  access: adminAnywhere,
  summary: 'Get somebody you share an organisation, a team or a project with',
  params: userParams,
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user, or nothing that you share.' },
});

const memberships = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/:user_id/memberships',
  access: adminAnywhere,
  summary: 'Get the teams and projects that somebody was given a role in, as far as you share them',
  params: userParams,
  answer: { status: 200, description: 'Teams and projects', body: membershipsObject },
  failures: { 404: 'There is no such user, or nothing that you share.' },
});

@Controller()
export class UsersRoutes {
  constructor(private readonly staff: Staff) {}

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    if ([query.org_id, query.team_id, query.project_id].filter((id) => id !== undefined).length > 1) {
      throw platformErrors.failure('invalid-request', 'Name one of org_id, team_id and project_id.', { details: [{ path: 'org_id', message: 'is one scope too many' }] });
    }
    const place = caller.place ?? (await this.ownOrganisation(caller, requestId));
    const search = query.search === undefined || query.search === '' ? undefined : query.search;
    const page = { limit: query.page_size, after: query.cursor };
    const sorted = { sortBy: query.sort_by, descending: query.sort_order === 'desc' };
    const { users, nextCursor } = await this.staff.list({ place: place as membership.MemberPlace, search, ...sorted, ...page, viewer: viewerOf(caller.admin) }, requestId);
    return { users: users.map(({ member, person }) => toUserObject(member, person)), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, requestId }: RouteCall<typeof get>): Promise<UserObject> {
    const { member, person } = await this.staff.get(params.user_id, viewerOf(caller.admin), requestId);
    return toUserObject(member, person);
  }

  @Serves(memberships)
  async memberships({ params, caller, requestId }: RouteCall<typeof memberships>): Promise<MembershipsObject> {
    return toMembershipsObject(await this.staff.member(params.user_id, viewerOf(caller.admin), requestId));
  }

  private async ownOrganisation({ admin }: AdminPlaceCaller, requestId: string): Promise<membership.MemberPlace> {
    const organisations = admin.userId === undefined ? [admin.key?.organisationId].filter((id) => id != null) : await this.organisationsOf(admin.userId, requestId);
    const [organisationId, ...others] = organisations;
    if (organisationId == null || others.length > 0) {
      throw platformErrors.failure('invalid-request', 'Name the scope: org_id, team_id or project_id.', { details: [{ path: 'org_id', message: organisationId == null ? 'is required, because you are in no organisation' : 'is required, because you are in several organisations' }] });
    }
    const place = { level: 'organisation', organisationId } as const;
    await standingAt(admin, place, 'staff:list');
    return place;
  }

  private async organisationsOf(userId: string, requestId: string): Promise<string[]> {
    const { roles } = await this.staff.member(userId, { kind: 'user', userId }, requestId);
    return roles.flatMap(({ level, status, organisationId }) => (level === 'organisation' && status === 'active' && organisationId !== null ? [organisationId] : []));
  }
}
