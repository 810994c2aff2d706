import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { toUserObject, userObject, type UserObject } from './user.wire.js';
import { uidParam } from './users.routes.js';

const setSuppressed = route({
  surface: 'engagement',
  method: 'PUT',
  path: '/v1/users/:uid/segments/:segment_id',
  access: engagementKey('required'),
  summary: 'Keep from a member what is sent to a segment, or end that',
  params: uidParam.extend({ segment_id: z.string() }),
  body: z.object({ suppressed: z.boolean({ error: 'must be true or false' }) }),
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user, or they are not in this segment.', 410: 'The user was erased.' },
});

@Controller()
export class EngagementSegmentsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(setSuppressed)
  async set({ params: { uid, segment_id }, body, caller, requestId }: RouteCall<typeof setSuppressed>): Promise<UserObject> {
    const segmentId = z.uuid().safeParse(segment_id);
    if (!segmentId.success) throw profiles.profilesErrors.failure('not-in-segment', 'There is no such segment, or the user is not in it.');
    const request = { realmId: caller.projectId, user: { uid }, segmentId: segmentId.data.toLowerCase(), suppressed: body.suppressed, actor: caller.actor };
    return toUserObject(await this.rpc.call(profiles.setSuppressed, request, { requestId }));
  }
}
