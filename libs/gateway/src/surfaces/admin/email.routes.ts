import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity, mailedEmail } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone, signedIn } from '../../access/access-rule.js';
import { clientOf } from '../../http/client.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Realms } from '../../upstream/realms.js';
import { accepted, linkRequest } from './self-service.wire.js';

const verify = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/email/verify',
  access: anyone,
  pages: 'body',
  idempotencyKey: { ignored: 'asking twice sends another mail' },
  summary: 'Mail a link to confirm an email',
  body: linkRequest,
  answer: { status: 202, description: 'If an active user has this email and has not confirmed it, they are mailed a link. The answer is the same for everybody', body: accepted },
  failures: { 404: 'There is no such project.', 429: 'Too many requests from this network address.' },
});

const confirm = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/email/confirm',
  access: anyone,
  pages: 'open',
  idempotencyKey: { ignored: 'the token in the body counts once' },
  summary: 'Confirm an email, or a new one, with the token of the mailed link',
  body: z.strictObject({ token: z.string().min(1).max(512) }),
  answer: { status: 204, description: 'The email is confirmed; a new one is the login email from now on' },
  failures: { 409: 'Somebody else has got this email meanwhile.' },
});

const change = route({
  surface: 'admin',
  method: 'PUT',
  path: '/v1/auth/me/email',
  access: signedIn,
  summary: 'Change one’s own email',
  body: z.strictObject({ email: mailedEmail, password: z.string().max(1_024) }),
  answer: { status: 202, description: 'The new address is mailed a link that makes the change, unless somebody else has it; the present one is told', body: accepted },
  failures: { 403: 'The password is wrong.', 429: 'Too many wrong passwords, or changes.' },
});

/** Emails as their owners handle them: staff, and the users of projects. */
@Controller()
export class EmailRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly realms: Realms,
  ) {}

  @Header('cache-control', 'no-store')
  @Serves(verify)
  async verify({ body, requestId, http }: RouteCall<typeof verify>): Promise<z.output<typeof accepted>> {
    const realmId = await this.realms.find(body.project, requestId);
    await this.rpc.call(identity.sendEmailVerification, { realmId, email: body.email, address: clientOf(http).address }, { requestId });
    return { status: 'accepted' };
  }

  @Serves(confirm)
  async confirm({ body, requestId }: RouteCall<typeof confirm>): Promise<void> {
    await this.rpc.call(identity.confirmEmail, body, { requestId });
  }

  @Serves(change)
  async change({ body, caller: { realmId, userId }, requestId }: RouteCall<typeof change>): Promise<z.output<typeof accepted>> {
    await this.rpc.call(identity.changeOwnEmail, { realmId, userId, ...body }, { requestId });
    return { status: 'accepted' };
  }
}
