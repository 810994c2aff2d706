import { Controller } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { feedPage, feedQuery, type FeedPage } from './events-feed.wire.js';
import { projectParams } from './management.wire.js';

const read = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/events-feed',
  access: adminProject('project:administer'),
  summary: 'What happened in a project, in order and without gaps, from any place on',
  params: projectParams,
  query: feedQuery,
  answer: { status: 200, description: 'The next events', body: feedPage },
  failures: { 404: 'There is no such project.', 410: 'Events after this place are no longer kept.' },
});

@Controller()
export class EventsFeedRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(read)
  async read({ query: { after, limit, types }, caller: { projectId }, context }: RouteCall<typeof read>): Promise<FeedPage> {
    const { events, next, hasMore } = await this.rpc.call(operations.readFeed, { projectId, after, limit, types }, context);
    return { events, next_after: String(next), has_more: hasMore };
  }
}
