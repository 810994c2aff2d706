import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity, profiles, staffRealmId } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { signedIn } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { pageFields, pageQuery } from './management.wire.js';
import { sessionObject, toSessionObject } from './session.wire.js';

const ownUser = z.object({
  user_id: z.string(),
  project_id: z.string().nullable().describe('Null: staff'),
  username: z.string().nullable().describe('The name to log in with, beside the email'),
  email: z.string().nullable(),
  email_verified: z.boolean(),
  name: z.string().nullable(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  created_at: z.string(),
  last_login_at: z.string().nullable(),
});

const me = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/auth/me',
  access: signedIn,
  summary: 'Who is logged in',
  answer: { status: 200, description: 'The user of the access token', body: ownUser },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/auth/sessions',
  access: signedIn,
  summary: 'List where one is logged in, newest first',
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ sessions: z.array(sessionObject.extend({ current: z.boolean().describe('Whether it is the one that asks') })), ...pageFields }) },
});

const endOne = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/auth/sessions/:session_id',
  access: signedIn,
  summary: 'Log out of one session',
  params: z.object({ session_id: z.string() }),
  answer: { status: 204, description: 'Its tokens are refused everywhere within a second' },
  failures: { 404: 'There is no such session of this user.' },
});

const endAll = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/auth/sessions',
  access: signedIn,
  summary: 'Log out everywhere',
  query: z.object({ keep_current: z.enum(['true', 'false']).default('false').describe('Whether the session that asks goes on') }),
  answer: { status: 204, description: 'The tokens of all sessions are refused everywhere within a second' },
});

/** What a page about one’s own account shows: for staff, and for the users of projects. */
@Controller()
export class OwnAccountRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Header('cache-control', 'no-store')
  @Serves(me)
  async me({ caller: { realmId, userId }, requestId }: RouteCall<typeof me>): Promise<z.output<typeof ownUser>> {
    const [login, profile] = await Promise.all([this.rpc.call(identity.getOwnLogin, { realmId, userId }, { requestId }), this.rpc.call(profiles.getUser, { realmId, user: { userId } }, { requestId })]);
    const fullName = [profile.firstName, profile.lastName].filter((part) => part !== null).join(' ');
    return {
      user_id: userId,
      project_id: realmId === staffRealmId ? null : realmId,
      username: login.userName,
      email: login.loginEmail,
      email_verified: login.emailVerifiedAt !== null,
      name: profile.displayName ?? (fullName === '' ? null : fullName),
      first_name: profile.firstName,
      last_name: profile.lastName,
      created_at: profile.createdAt,
      last_login_at: login.lastLoginAt,
    };
  }

  @Header('cache-control', 'no-store')
  @Serves(list)
  async list({ query, caller: { realmId, userId, sessionId }, requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { sessions, nextCursor } = await this.rpc.call(identity.listSessions, { realmId, userId, limit: query.page_size, cursor: query.cursor }, { requestId });
    return { sessions: sessions.map((session) => ({ ...toSessionObject(session), current: session.sessionId === sessionId })), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(endOne)
  async endOne({ params, caller: { actor, realmId, userId }, context }: RouteCall<typeof endOne>): Promise<void> {
    if (!z.uuid().safeParse(params.session_id).success) throw identity.identityErrors.failure('session-not-found', 'There is no such session.');
    await this.rpc.call(identity.endOneSession, { realmId, userId, sessionId: params.session_id, actor }, context);
  }

  @Serves(endAll)
  async endAll({ query, caller: { actor, realmId, userId, sessionId }, context }: RouteCall<typeof endAll>): Promise<void> {
    await this.rpc.call(identity.endAllSessions, { realmId, userId, keepSessionId: query.keep_current === 'true' ? sessionId : null, actor }, context);
  }
}
