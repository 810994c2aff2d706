import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { toUserObject, userObject, type UserObject } from './user.wire.js';
import { uidParam } from './users.routes.js';

const setSubscription = route({
  surface: 'engagement',
  method: 'PUT',
  path: '/v1/users/:uid/lists/:list_id',
  access: engagementKey('required'),
  summary: 'Subscribe a user to a list, or end the subscription',
  params: uidParam.extend({ list_id: z.string() }),
  body: z.object({ subscribed: z.boolean({ error: 'must be true or false' }) }),
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user or list.', 410: 'The user was erased.' },
});

@Controller()
export class EngagementListsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(setSubscription)
  async set({ params: { uid, list_id }, body, caller, requestId }: RouteCall<typeof setSubscription>): Promise<UserObject> {
    const listId = z.uuid().safeParse(list_id);
    if (!listId.success) throw profiles.profilesErrors.failure('list-not-found', 'There is no such list.');
    const request = { realmId: caller.projectId, user: { uid }, listId: listId.data.toLowerCase(), subscribed: body.subscribed, actor: caller.actor };
    return toUserObject(await this.rpc.call(profiles.setSubscription, request, { requestId }));
  }
}
