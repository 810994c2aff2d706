import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { membership } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminAnywhere, adminPlace, adminTeam } from '../../access/access-rule.js';
import { placeOf } from '../../access/admin-access.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { nameText, pageFields, pageQuery, text } from './management.wire.js';
import { visibleIn } from './visible.js';

const teamParams = z.object({ team_id: z.string() });
const teamObject = z.object({ team_id: z.string(), org_id: z.string(), name: z.string(), created_at: z.string(), updated_at: z.string() });
type TeamObject = z.output<typeof teamObject>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/teams',
  access: adminPlace('body', { organisation: 'teams:create' }),
  idempotencyKey: 'honoured',
  summary: 'Make a team of an organisation',
  body: z.strictObject({ org_id: text, name: nameText }),
  answer: { status: 201, description: 'The team', body: teamObject },
  failures: { 404: 'There is no such organisation.', 409: 'Another team of the organisation has this name.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/teams',
  access: adminAnywhere,
  summary: 'List teams, newest first: those you are in, and all of organisations that you administer',
  query: pageQuery.extend({ org_id: text.optional().describe('Only teams of this organisation') }),
  answer: { status: 200, description: 'One page', body: z.object({ teams: z.array(teamObject), ...pageFields }) },
  failures: { 404: 'There is no such organisation.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/teams/:team_id',
  access: adminTeam('team:read'),
  summary: 'Get a team',
  params: teamParams,
  answer: { status: 200, description: 'The team', body: teamObject },
  failures: { 404: 'There is no such team.' },
});

const change = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/teams/:team_id',
  access: adminTeam('team:write'),
  summary: 'Rename a team',
  params: teamParams,
  body: z.strictObject({ name: nameText.nullish() }),
  answer: { status: 200, description: 'The team', body: teamObject },
  failures: { 404: 'There is no such team.', 409: 'Another team of the organisation has this name.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/teams/:team_id',
  access: adminTeam('team:delete'),
  summary: 'Delete a team that has no projects left, and its members’ roles in it',
  params: teamParams,
  answer: { status: 204, description: 'It is gone' },
  failures: { 404: 'There is no such team.', 409: 'It still has projects.' },
});

@Controller()
export class TeamsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<TeamObject> {
    const { organisationId } = placeOf('organisation', body.org_id);
    return toTeamObject(await this.rpc.call(membership.createTeam, { teamId: newId(), organisationId, name: body.name, actor: caller.actor }, context));
  }

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const visible = await visibleIn(caller.admin, query.org_id, 'teams:create');
    const page = { limit: query.page_size, after: query.cursor };
    const { teams, nextCursor } = visible.projectId !== undefined ? { teams: [], nextCursor: null } : await this.rpc.call(membership.listTeams, { ...visible, ...page }, { requestId });
    return { teams: teams.map(toTeamObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ caller, requestId }: RouteCall<typeof get>): Promise<TeamObject> {
    return toTeamObject(await this.rpc.call(membership.getTeam, { teamId: caller.teamId }, { requestId }));
  }

  @Serves(change)
  async change({ body, caller, context }: RouteCall<typeof change>): Promise<TeamObject> {
    return toTeamObject(await this.rpc.call(membership.updateTeam, { teamId: caller.teamId, name: body.name ?? undefined, actor: caller.actor }, context));
  }

  @Serves(remove)
  async remove({ caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(membership.deleteTeam, { teamId: caller.teamId, actor: caller.actor }, context);
  }
}

function toTeamObject({ teamId, organisationId, name, createdAt, modifiedAt }: membership.Team): TeamObject {
  return { team_id: teamId, org_id: organisationId, name, created_at: createdAt, updated_at: modifiedAt };
}
