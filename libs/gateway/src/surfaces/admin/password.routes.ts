import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone, signedIn } from '../../access/access-rule.js';
import { clientOf } from '../../http/client.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Realms } from '../../upstream/realms.js';
import { accepted, linkRequest } from './self-service.wire.js';

const newPassword = z.string().max(1_024).describe('8 to 256 characters; refused when it is a common one, or the user’s name or email');

const forgot = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/password/forgot',
  access: anyone,
  pages: 'body',
  idempotencyKey: { ignored: 'asking twice sends another mail' },
  summary: 'Mail a link to set a new password',
  body: linkRequest,
  answer: { status: 202, description: 'If there is an active user with this email, they are mailed a link. The answer is the same for everybody', body: accepted },
  failures: { 404: 'There is no such project.', 429: 'Too many requests from this network address.' },
});

const reset = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/password/reset',
  access: anyone,
  pages: 'open',
  idempotencyKey: { ignored: 'the token in the body counts once' },
  summary: 'Set a new password with the token of the mailed link',
  body: z.strictObject({ token: z.string().min(1).max(512), password: newPassword }),
  answer: { status: 204, description: 'The password is set, and every session of the user has ended' },
});

const change = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/auth/me/password',
  access: signedIn,
  summary: 'Change one’s own password',
  body: z.strictObject({ current: z.string().max(1_024), password: newPassword }),
  answer: { status: 204, description: 'The password is set, and every other session of the user has ended' },
  failures: { 403: 'The present password is wrong.', 429: 'Too many wrong passwords.' },
});

/** Passwords as their owners handle them: staff, and the users of projects. */
@Controller()
export class PasswordRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly realms: Realms,
  ) {}

  @Header('cache-control', 'no-store')
  @Serves(forgot)
  async forgot({ body, requestId, http }: RouteCall<typeof forgot>): Promise<z.output<typeof accepted>> {
    const realmId = await this.realms.find(body.project, requestId);
    await this.rpc.call(identity.forgetPassword, { realmId, email: body.email, address: clientOf(http).address }, { requestId });
    return { status: 'accepted' };
  }

  @Serves(reset)
  async reset({ body, context }: RouteCall<typeof reset>): Promise<void> {
    await this.rpc.call(identity.resetPassword, body, context);
  }

  @Serves(change)
  async change({ body, caller: { realmId, userId, sessionId }, context }: RouteCall<typeof change>): Promise<void> {
    await this.rpc.call(identity.changeOwnPassword, { realmId, userId, sessionId, ...body }, context);
  }
}
