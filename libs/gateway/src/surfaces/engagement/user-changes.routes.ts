import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { permissionsOfClients, profiles, uidText } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { parseInput } from '../../http/parse-input.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { inTheseWords } from './refusals.js';
import { toKnownObject, toPatch, toUserObject, updateUserBody, userObject, writtenUser, type UserObject } from './user.wire.js';
import { uidParam } from './users.routes.js';
import { wholeNumberMeta } from '../../http/whole-number.js';

const updateUser = route({
  surface: 'engagement',
  method: 'PUT',
  path: '/v1/users/:uid',
  access: engagementKey('optional'),
  summary: 'Update a user, or create one who is not there',
  params: uidParam,
  example: { first_name: 'Ada', email: 'ada@example.com', meta: { plan: 'pro' } },
  body: updateUserBody,
  answer: { status: 200, description: writtenUser, body: userObject },
  failures: { 409: 'The email is another user’s login, or the id another user’s.', 410: 'The user was erased.' },
});

const largestPage = 30;

const listUsers = route({
  surface: 'engagement',
  method: 'GET',
  path: '/v1/users',
  access: engagementKey('required'),
  summary: 'The users of the project, the newest first',
  query: z
    .object({
      limit: z
        .string()
        .regex(/^0*[1-9]\d*$/, 'must be a whole number from 1')
        .transform((text) => Math.min(Number(text), largestPage))
        .optional()
        .describe(`1 to ${largestPage}, default 10; more counts as ${largestPage}`)
        .meta(wholeNumberMeta(1, 999_999_999, 10)),
      next_cursor: z.string().max(512).optional().describe('`next_cursor` of a page: the page after it'),
      previous_cursor: z.string().max(512).optional().describe('`previous_cursor` of a page: the page before it'),
      email: z.string().max(320).optional().describe('Only users with this email, in any case'),
    })
    .refine(({ next_cursor, previous_cursor }) => next_cursor === undefined || previous_cursor === undefined, { path: ['previous_cursor'], message: 'can\'t be used together with next_cursor' }),
  answer: { status: 200, description: 'One page', body: z.object({ data: z.array(userObject), next_cursor: z.string().optional(), previous_cursor: z.string().optional() }) },
});

const convertUser = route({
  surface: 'engagement',
  method: 'POST',
  path: '/v1/users/:uid/convert',
  access: engagementKey('required'),
  idempotencyKey: 'honoured',
  summary: 'Make a customer an account, or an account a customer',
  params: uidParam,
  body: z.object({ type: z.enum(['account', 'customer'], { error: 'must be account or customer' }) }),
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user.', 410: 'The user was erased.' },
});

@Controller()
export class EngagementUserChangesRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(updateUser)
  async update({ params: { uid }, body, caller, context }: RouteCall<typeof updateUser>): Promise<UserObject> {
    // Whatever the path says may be found; but somebody is only made under an id that one may have.
    const create = uidText.safeParse(uid).success;
    const who = { realmId: caller.projectId, uid, newUserId: newId(), create, ...(body.id == null ? {} : { externalId: body.id }) };
    const { user, created } = await this.rpc.call(profiles.putUser, { ...who, patch: toPatch(body), mayChangeEmail: caller.full, mayConvert: caller.full, mayTakeExternalId: caller.full, permissions: [...permissionsOfClients], actor: caller.actor }, context).catch((error: unknown) => {
      if (!create && isFailure(error, 'user-not-found')) parseInput(uidText, uid, 'uid');
      return inTheseWords(error);
    });
    return caller.full || created ? toUserObject(user) : toKnownObject(user, body.id ?? uid, body);
  }

  @Serves(listUsers)
  async list({ query, caller, requestId }: RouteCall<typeof listUsers>): Promise<z.output<typeof listUsers.answer.body>> {
    const { limit = 10, next_cursor: after, previous_cursor: before, email } = query;
    const { users, nextCursor, previousCursor } = await this.rpc.call(profiles.listUsersByInsertion, { realmId: caller.projectId, limit, after, before, email }, { requestId });
    return {
      data: users.map(toUserObject),
      ...(nextCursor === null ? {} : { next_cursor: nextCursor }),
      ...(previousCursor === null ? {} : { previous_cursor: previousCursor }),
    };
  }

  @Serves(convertUser)
  async convert({ params: { uid }, body, caller, context }: RouteCall<typeof convertUser>): Promise<UserObject> {
    const { user } = await this.rpc.call(profiles.putUser, { realmId: caller.projectId, uid, newUserId: newId(), create: false, patch: { isAccount: body.type === 'account' }, actor: caller.actor }, context);
    return toUserObject(user);
  }
}
