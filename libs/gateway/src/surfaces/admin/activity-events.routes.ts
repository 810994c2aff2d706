import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { activityEventNames, withListPaths } from '../../http/activity-events.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { projectParams } from './management.wire.js';

const marked = z.object({ activity_events: z.array(z.string()), computing: z.array(z.string()).describe('Those whose fields are still being found in what users did before') });
type Marked = z.output<typeof marked>;

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/activity-events',
  access: adminProject('users:read'),
  summary: 'List the events whose first and last times are kept with each user',
  params: projectParams,
  answer: { status: 200, description: 'Their names', body: marked },
  failures: { 404: 'There is no such project.' },
});

const put = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/admin/projects/:project_id/activity-events',
  access: adminProject('project:administer'),
  summary: 'Say of which events first_…_at and last_…_at are kept: of these, and no others',
  params: projectParams,
  body: activityEventNames,
  answer: { status: 200, description: 'Their names', body: marked },
  failures: { 404: 'There is no such project.', 409: 'A field of an event would have the name of a custom field, or of somebody’s attribute.' },
});

@Controller()
export class AdminActivityEventsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ caller, requestId }: RouteCall<typeof list>): Promise<Marked> {
    const { events, computing } = await this.rpc.call(profiles.listActivityEvents, { realmId: caller.projectId }, { requestId });
    return { activity_events: events, computing };
  }

  @Serves(put)
  async put({ body, caller, context }: RouteCall<typeof put>): Promise<Marked> {
    const { events, computing } = await this.rpc.call(profiles.markActivityEvents, { realmId: caller.projectId, events: body, actor: caller.actor }, context).catch(withListPaths);
    return { activity_events: events, computing };
  }
}
