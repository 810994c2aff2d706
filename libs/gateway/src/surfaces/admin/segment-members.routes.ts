import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { pageFields, pageQuery, projectParams } from './management.wire.js';
import { projectUserObject, toProjectUserObject } from './project-user.wire.js';

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/segments/:segment_id/members',
  access: adminProject('users:read'),
  summary: 'List the users who are in a segment, newest first',
  params: projectParams.extend({ segment_id: z.string() }),
  query: pageQuery,
  answer: { status: 200, description: 'One page; it may hold fewer than asked for', body: z.object({ users: z.array(projectUserObject), ...pageFields }) },
  failures: { 404: 'There is no such project or segment.' },
});

/** Who is in a segment now. */
@Controller()
export class SegmentMembersRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ params, query, caller, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    if (!z.uuid().safeParse(params.segment_id).success) throw profiles.profilesErrors.failure('segment-not-found', 'There is no such segment.');
    const { users, nextCursor } = await this.rpc.call(profiles.listNewestUsers, { realmId: caller.projectId, limit: query.page_size, cursor: query.cursor, segmentId: params.segment_id.toLowerCase() }, { requestId });
    return { users: users.map((user) => toProjectUserObject(user, undefined)), next_cursor: nextCursor, page_size: query.page_size };
  }
}
