import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { nameText, pageFields, pageQuery, projectParams } from './management.wire.js';

const listParams = projectParams.extend({ list_id: z.string() });
const listObject = z.object({ list_id: z.string(), name: z.string(), created_at: z.string(), modified_at: z.string() });
type ListObject = z.output<typeof listObject>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/lists',
  access: adminProject('segments:write'),
  idempotencyKey: 'honoured',
  summary: 'Make a list that users subscribe to',
  params: projectParams,
  body: z.strictObject({ name: nameText }),
  answer: { status: 201, description: 'The list', body: listObject },
  failures: { 404: 'There is no such project.', 409: 'The project has as many lists as it may have.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/lists',
  access: adminProject('users:read'),
  summary: 'List the lists, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ lists: z.array(listObject), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/lists/:list_id',
  access: adminProject('users:read'),
  summary: 'Get a list',
  params: listParams,
  answer: { status: 200, description: 'The list', body: listObject },
  failures: { 404: 'There is no such project or list.' },
});

const rename = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/projects/:project_id/lists/:list_id',
  access: adminProject('segments:write'),
  summary: 'Rename a list',
  params: listParams,
  body: z.strictObject({ name: nameText.nullish() }),
  answer: { status: 200, description: 'The list', body: listObject },
  failures: { 404: 'There is no such project or list.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/lists/:list_id',
  access: adminProject('segments:write'),
  summary: 'Remove a list and every subscription to it',
  params: listParams,
  answer: { status: 204, description: 'It is gone' },
  failures: { 404: 'There is no such project or list.' },
});

@Controller()
export class ListsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<ListObject> {
    return toListObject(await this.rpc.call(profiles.createList, { realmId: caller.projectId, listId: newId(), name: body.name, actor: caller.actor }, context));
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { lists, nextCursor } = await this.rpc.call(profiles.listLists, { realmId: caller.projectId, limit: query.page_size, cursor: query.cursor }, context);
    return { lists: lists.map(toListObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, context }: RouteCall<typeof get>): Promise<ListObject> {
    return toListObject(await this.rpc.call(profiles.getList, { realmId: caller.projectId, listId: listIdOf(params.list_id) }, context));
  }

  @Serves(rename)
  async rename({ params, body, caller, context }: RouteCall<typeof rename>): Promise<ListObject> {
    const one = { realmId: caller.projectId, listId: listIdOf(params.list_id) };
    if (body.name == null) return toListObject(await this.rpc.call(profiles.getList, one, context));
    return toListObject(await this.rpc.call(profiles.renameList, { ...one, name: body.name, actor: caller.actor }, context));
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(profiles.removeList, { realmId: caller.projectId, listId: listIdOf(params.list_id), actor: caller.actor }, context);
  }
}

/** What is no id is no list. */
function listIdOf(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw profiles.profilesErrors.failure('list-not-found', 'There is no such list.');
  return parsed.data.toLowerCase();
}

function toListObject({ listId, name, createdAt, modifiedAt }: profiles.List): ListObject {
  return { list_id: listId, name, created_at: createdAt, modified_at: modifiedAt };
}
