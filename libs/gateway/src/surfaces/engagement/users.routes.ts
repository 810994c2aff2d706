import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { longestUid, permissionsOfClients, profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { inTheseWords } from './refusals.js';
import { createUserBody, toKnownObject, toPatch, toSaidObject, toUserObject, userObject, writtenUser, type UserObject } from './user.wire.js';

/** How a uid arrives in a path: whatever is asked for, it is found or it is not. */
export const uidParam = z.object({ uid: z.string().min(1).max(longestUid) });

/** And in a body. */
export const givenUid = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(longestUid, `must not be longer than ${longestUid} characters`);

const createUser = route({
  surface: 'engagement',
  method: 'POST',
  path: '/v1/users',
  access: engagementKey('optional'),
  idempotencyKey: 'honoured',
  summary: 'Create a user, or update the one that has this id',
  body: createUserBody,
  answer: { status: 200, description: writtenUser, body: userObject },
  failures: { 409: 'The email is another user’s login.', 410: 'The user was erased while this was done.' },
});

const getUser = route({
  surface: 'engagement',
  method: 'GET',
  path: '/v1/users/:uid',
  access: engagementKey('required'),
  summary: 'Retrieve a user',
  params: uidParam,
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user.' },
});

@Controller()
export class EngagementUsersRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(createUser)
  async create({ body, caller, context }: RouteCall<typeof createUser>): Promise<UserObject> {
    const { user, created, again } = await this.rpc
      .call(
        profiles.upsertUser,
        { realmId: caller.projectId, newUserId: newId(), externalId: body.id, asAddressed: true, patch: toPatch(body), recreateErased: true, mayChangeEmail: caller.full, mayConvert: caller.full, mayTakeExternalId: caller.full, permissions: [...permissionsOfClients], actor: caller.actor },
        context,
      )
      .catch(inTheseWords);
    if (caller.full) return toUserObject(user);
    if (again !== undefined) return toSaidObject(user, body.id, { ...body, created_at: body.created_at ?? again.createdAt });
    return created ? toUserObject(user) : toKnownObject(user, body.id, body);
  }

  @Serves(getUser)
  async get({ params, caller, requestId }: RouteCall<typeof getUser>): Promise<UserObject> {
    return toUserObject(await this.rpc.call(profiles.getUser, { realmId: caller.projectId, user: { uid: params.uid } }, { requestId }));
  }
}
