import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Failure, isFailure } from '#libs/platform/errors';
import { projectPermission } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ProjectUserLists } from '../../upstream/project-user-lists.js';
import { ReferencedUsers } from '../../upstream/referenced-users.js';
import { conditionsOf, conditionsQuery, listQuery, resolvesReferences, sortOf } from './user-query.wire.js';
import { resolvedUser, toResolvedUser, toUserObject, type ResolvedUser } from './user.wire.js';

const metadata = z.object({
  currentPage: z.number().int(),
  pageSize: z.number().int(),
  hasPreviousPage: z.boolean(),
  hasNextPage: z.boolean(),
  totalPages: z.number().int(),
  count: z.number().int().describe('Of all pages'),
});
const projectParams = z.object({ project: z.string() });

const list = route({
  surface: 'project',
  method: 'GET',
  path: '/:project/users',
  access: projectPermission('users:read'),
  summary: 'List the users of the project: those at home in it, and staff with a role in it',
  params: projectParams,
  query: listQuery,
  answer: { status: 200, description: 'A page', body: z.object({ data: z.array(resolvedUser), metadata }) },
  failures: { 404: 'There is no such project.', 422: 'The project has too many users for this question.' },
});

const count = route({
  surface: 'project',
  method: 'GET',
  path: '/:project/users/count',
  access: projectPermission('users:read'),
  summary: 'Count the users that the list would have',
  params: projectParams,
  query: conditionsQuery,
  answer: { status: 200, description: 'Their number', body: z.object({ result: z.number().int() }) },
  failures: { 404: 'There is no such project.', 422: 'The project has too many users for this question.' },
});

@Controller()
export class ProjectUserListsRoutes {
  constructor(
    private readonly lists: ProjectUserLists,
    private readonly references: ReferencedUsers,
  ) {}

  @Serves(list)
  async list({ query, caller, requestId }: RouteCall<typeof list>): Promise<{ data: ResolvedUser[]; metadata: z.output<typeof metadata> }> {
    const { page, size } = query;
    const asked = { where: conditionsOf(query), sort: sortOf(query.sort), offset: (page - 1) * size, limit: size };
    const resolves = resolvesReferences(query.resolve);
    const { users, count: total } = await inThisSurfacesWords(this.lists.list(caller.projectId, asked, requestId));
    const referenced = resolves ? await this.references.of(caller.projectId, users.map(({ user }) => user), requestId) : undefined;
    const data = users.map(({ user, staffRoles }) => toResolvedUser(toUserObject(user, staffRoles), referenced));
    const totalPages = Math.ceil(total / size);
    return { data, metadata: { currentPage: page, pageSize: size, hasPreviousPage: page > 1, hasNextPage: page < totalPages, totalPages, count: total } };
  }

  @Serves(count)
  async count({ query, caller, requestId }: RouteCall<typeof count>): Promise<{ result: number }> {
    return { result: await inThisSurfacesWords(this.lists.count(caller.projectId, conditionsOf(query), requestId)) };
  }
}

/** A filter that profiles refuse is named as the caller wrote it. */
async function inThisSurfacesWords<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    if (!isFailure(error, 'invalid-filter')) throw error;
    const rename = (text: string) => text.replace('[userName]', '[username]').replace('[phone]', '[mobilePhone]');
    const { message, details = [] } = error.value;
    throw new Failure({ ...error.value, message: rename(message), details: details.map((detail) => ({ ...detail, path: rename(detail.path) })) });
  });
}
