import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { isStorable, mustBeStorable, profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { inTheseWords } from './refusals.js';
import { toUserObject, userObject, type UserObject } from './user.wire.js';
import { givenUid, uidParam } from './users.routes.js';

const shortText = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(128, 'must not be longer than 128 characters');
const roleText = shortText.refine(isStorable, mustBeStorable);
const memberParams = uidParam.extend({ account: uidParam.shape.uid });

const joinAccounts = route({
  surface: 'engagement',
  method: 'POST',
  path: '/v1/users/:uid/accounts',
  access: engagementKey('required'),
  idempotencyKey: 'honoured',
  summary: 'Add a user to accounts',
  params: uidParam,
  body: z.object({
    accounts: z
      .array(z.object({ id: givenUid, role: roleText.nullish() }), { error: 'must be an array of accounts' })
      .min(1, 'must name 1 to 100 accounts')
      .max(100, 'must name 1 to 100 accounts'),
  }),
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user.', 410: 'The user was erased.' },
});

const changeRole = route({
  surface: 'engagement',
  method: 'PUT',
  path: '/v1/users/:uid/accounts/:account',
  access: engagementKey('required'),
  summary: 'Change a user’s role in an account',
  params: memberParams,
  body: z.object({ role: roleText }),
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user, or they are not in this account.', 410: 'The user was erased.' },
});

const leaveAccount = route({
  surface: 'engagement',
  method: 'DELETE',
  path: '/v1/users/:uid/accounts/:account',
  access: engagementKey('required'),
  summary: 'Remove a user from an account',
  params: memberParams,
  answer: { status: 200, description: 'The user', body: userObject },
  failures: { 404: 'There is no such user, or they are not in this account.', 410: 'The user was erased.' },
});

/** Accounts group users; an account is a user itself. */
@Controller()
export class EngagementAccountsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(joinAccounts)
  async join({ params, body, caller, context }: RouteCall<typeof joinAccounts>): Promise<UserObject> {
    const accounts = body.accounts.map(({ id, role }) => ({ account: { uid: id }, role: role ?? null }));
    return toUserObject(await this.rpc.call(profiles.joinAccounts, { realmId: caller.projectId, user: { uid: params.uid }, accounts, actor: caller.actor }, context).catch(inTheseWords));
  }

  @Serves(changeRole)
  async change({ params: { uid, account }, body, caller, context }: RouteCall<typeof changeRole>): Promise<UserObject> {
    return toUserObject(await this.rpc.call(profiles.changeAccountRole, { realmId: caller.projectId, user: { uid }, account: { uid: account }, role: body.role, actor: caller.actor }, context));
  }

  @Serves(leaveAccount)
  async leave({ params: { uid, account }, caller, context }: RouteCall<typeof leaveAccount>): Promise<UserObject> {
    return toUserObject(await this.rpc.call(profiles.leaveAccount, { realmId: caller.projectId, user: { uid }, account: { uid: account }, actor: caller.actor }, context));
  }
}
