import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { environmentRole } from '../../access/access-rule.js';
import { activityEventNames, withListPaths } from '../../http/activity-events.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';

const marked = z.object({ data: z.array(z.string()), computing: z.array(z.string()).describe('Those whose fields are still being found in what customers did before') });
type Marked = z.output<typeof marked>;

const listEvents = route({
  surface: 'environment',
  method: 'GET',
  path: ['/users/activity-events', '/v1/:project/users/activity-events'],
  access: environmentRole('workbench'),
  summary: 'List the events whose first and last times are kept with each customer',
  answer: { status: 200, description: 'Their names', body: marked },
});

const putEvents = route({
  surface: 'environment',
  method: 'PUT',
  path: ['/users/activity-events', '/v1/:project/users/activity-events'],
  access: environmentRole('workbench'),
  summary: 'Say of which events first_…_at and last_…_at are kept: of these, and no others',
  body: activityEventNames,
  answer: { status: 200, description: 'Their names', body: marked },
  failures: { 409: 'A field of an event would have the name of a custom field, or of somebody’s attribute.' },
});

@Controller()
export class ActivityEventsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(listEvents)
  async list({ caller, requestId }: RouteCall<typeof listEvents>): Promise<Marked> {
    const { events, computing } = await this.rpc.call(profiles.listActivityEvents, { realmId: caller.projectId }, { requestId });
    return { data: events, computing };
  }

  @Serves(putEvents)
  async put({ body, caller, context }: RouteCall<typeof putEvents>): Promise<Marked> {
    const { events, computing } = await this.rpc.call(profiles.markActivityEvents, { realmId: caller.projectId, events: body, actor: caller.actor }, context).catch(withListPaths);
    return { data: events, computing };
  }
}
