import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { permissionsOfClients, profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { jobHeader, tellJob } from '../../http/erasure.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Erasures } from '../../upstream/erasures.js';
import { inTheseWords } from './refusals.js';
import { toUserObject, userObject, type UserObject } from './user.wire.js';
import { givenUid } from './users.routes.js';

const mergeUsers = route({
  surface: 'engagement',
  method: 'POST',
  path: '/v1/users/merge',
  access: engagementKey('required'),
  idempotencyKey: 'honoured',
  summary: 'Make two users one',
  body: z.object({
    source: givenUid.describe('Becomes part of the destination; its id means the destination from then on'),
    destination: givenUid.describe('Keeps its values, gains what it lacked, and takes over events, devices and accounts'),
  }),
  answer: { status: 200, description: `The destination. ${jobHeader}`, body: userObject, headers: ['X-Rollcall-Job-Id'] },
  failures: { 404: 'There is no such user; `details` says which.', 409: 'The source logs in, or the email that the destination would gain is another user’s login.', 410: 'One of them was erased.' },
});

@Controller()
export class EngagementMergeRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly erasures: Erasures,
  ) {}

  @Serves(mergeUsers)
  async merge({ body, caller, context, reply }: RouteCall<typeof mergeUsers>): Promise<UserObject> {
    const users = { source: { uid: body.source }, destination: { uid: body.destination } };
    const realmId = caller.projectId;
    const { user, erasureId, erased } = await this.rpc.call(profiles.mergeUsers, { realmId, ...users, erasureId: newId(), permissions: [...permissionsOfClients], actor: caller.actor }, context).catch(inTheseWords);
    if (erasureId !== null && erased !== undefined) await this.erasures.takeUp({ realmId, erasureId, userIds: [erased] }, caller.actor, context.requestId);
    tellJob(reply, erasureId);
    return toUserObject(user);
  }
}
