import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { membership } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { adminAnywhere, adminDeployment, adminOfOrganisation } from '../../access/access-rule.js';
import { placeOf } from '../../access/admin-access.js';
import type { Admin } from '../../access/admin.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { nameText, pageFields, pageQuery, slugText } from './management.wire.js';

const orgParams = z.object({ org_id: z.string() });
const orgObject = z.object({ org_id: z.string(), name: z.string(), slug: z.string(), created_at: z.string(), updated_at: z.string() });
type OrgObject = z.output<typeof orgObject>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/orgs',
  access: adminDeployment('orgs:create'),
  idempotencyKey: 'honoured',
  summary: 'Make an organisation; its first org_admin comes by invitation, or by a grant',
  body: z.strictObject({ name: nameText, slug: slugText }),
  answer: { status: 201, description: 'The organisation', body: orgObject },
  failures: { 409: 'The slug is taken.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs',
  access: adminAnywhere,
  summary: 'List the organisations that you are a member of, newest first; a super_admin sees all',
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ orgs: z.array(orgObject), ...pageFields }) },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id',
  access: adminOfOrganisation('org:read'),
  summary: 'Get an organisation',
  params: orgParams,
  answer: { status: 200, description: 'The organisation', body: orgObject },
  failures: { 404: 'There is no such organisation.' },
});

const change = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/orgs/:org_id',
  access: adminOfOrganisation('org:write'),
  summary: 'Rename an organisation, or give it another slug',
  params: orgParams,
  body: z.strictObject({ name: nameText.nullish(), slug: slugText.nullish() }),
  answer: { status: 200, description: 'The organisation', body: orgObject },
  failures: { 404: 'There is no such organisation.', 409: 'The slug is taken.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/orgs/:org_id',
  access: adminDeployment('orgs:delete'),
  summary: 'Delete an organisation that has no projects and teams left, and all memberships in it',
  params: orgParams,
  answer: { status: 204, description: 'It is gone' },
  failures: { 404: 'There is no such organisation.', 409: 'It still has projects or teams.' },
});

@Controller()
export class OrgsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<OrgObject> {
    return toOrgObject(await this.rpc.call(membership.createOrganisation, { organisationId: newId(), ...body, actor: caller.actor }, context));
  }

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const of = await theirs(caller.admin);
    const page = { limit: query.page_size, after: query.cursor };
    const { organisations, nextCursor } = of === undefined ? { organisations: [], nextCursor: null } : await this.rpc.call(membership.listOrganisations, { of, ...page }, { requestId });
    return { orgs: organisations.map(toOrgObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ caller, requestId }: RouteCall<typeof get>): Promise<OrgObject> {
    return toOrgObject(await this.rpc.call(membership.getOrganisation, { organisationId: caller.organisationId }, { requestId }));
  }

  @Serves(change)
  async change({ body, caller, context }: RouteCall<typeof change>): Promise<OrgObject> {
    const changes = { name: body.name ?? undefined, slug: body.slug ?? undefined };
    return toOrgObject(await this.rpc.call(membership.updateOrganisation, { organisationId: caller.organisationId, ...changes, actor: caller.actor }, context));
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    const { organisationId } = placeOf('organisation', params.org_id);
    await this.rpc.call(membership.deleteOrganisation, { organisationId, actor: caller.actor }, context);
  }
}

/** Undefined for a project's key, which has no organisation to show. */
async function theirs(admin: Admin): Promise<RequestInput<typeof membership.listOrganisations>['of'] | undefined> {
  if ((await admin.at({ level: 'deployment' })).permissions.includes('orgs:list')) return { kind: 'all' };
  if (admin.userId !== undefined) return { kind: 'member', userId: admin.userId };
  return admin.key?.organisationId == null ? undefined : { kind: 'one', organisationId: admin.key.organisationId };
}

function toOrgObject({ organisationId, name, slug, createdAt, modifiedAt }: membership.Organisation): OrgObject {
  return { org_id: organisationId, name, slug, created_at: createdAt, updated_at: modifiedAt };
}
