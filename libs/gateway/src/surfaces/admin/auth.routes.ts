import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity, staffRealmId, storableText } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone } from '../../access/access-rule.js';
import { clientOf } from '../../http/client.js';
import { deviceHeaders } from '../../http/known-device.js';
import { newPasswordBody, nextStep, toNextStep } from '../../http/next-step.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Logins } from '../../upstream/logins.js';
import { Staff } from '../../upstream/staff.js';
import { tokens, toTokens } from './token.wire.js';
import { toUserObject, userObject } from './user.wire.js';

const tokensAndUser = tokens.extend({ user: userObject });
const refreshBody = z.strictObject({ refresh_token: z.string().min(1).max(512) });

const logIn = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/login',
  keepsAnswers: true,
  access: anyone,
  idempotencyKey: { ignored: 'the answer holds tokens, which are not kept' },
  summary: 'Log a staff member in',
  body: z.strictObject({ email: storableText.min(1).max(320), password: z.string().max(1_024) }),
  answer: { status: 200, description: 'Tokens, and who logged in; or what else has to be done first', body: z.union([tokensAndUser, nextStep]), headers: deviceHeaders },
  failures: { 401: 'Email or password is wrong.', 403: 'The user is inactive.', 429: 'Too many attempts.' },
});

const newPassword = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/login/new-password',
  keepsAnswers: true,
  access: anyone,
  pages: 'open',
  idempotencyKey: { ignored: 'the step token in the body counts once' },
  summary: 'Go on with a login whose next step is new-password, on any surface: choose another password, and be logged in',
  body: newPasswordBody,
  answer: { status: 200, description: 'Tokens', body: tokens.extend({ user_id: z.string() }), headers: deviceHeaders },
  failures: { 401: 'The step token was used, has expired, or the login was changed since.', 403: 'The user is inactive.' },
});

const refresh = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/refresh',
  keepsAnswers: true,
  access: anyone,
  idempotencyKey: { ignored: 'the answer holds tokens, which are not kept' },
  summary: 'Rotate a staff member’s refresh token',
  body: refreshBody,
  answer: { status: 200, description: 'New tokens', body: tokens },
  failures: { 401: 'The refresh token is not valid any more.' },
});

const logOut = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/logout',
  access: anyone,
  idempotencyKey: { ignored: 'ending a session twice is ending it once' },
  summary: 'End the session of a refresh token',
  body: refreshBody,
  answer: { status: 204, description: 'The session has ended' },
});

/** Staff live in one realm of the deployment: logging in needs no organisation. */
@Controller()
export class AdminAuthRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logins: Logins,
    private readonly staff: Staff,
  ) {}

  @Header('cache-control', 'no-store')
  @Serves(logIn)
  async logIn({ body, context, http, reply }: RouteCall<typeof logIn>): Promise<z.output<typeof logIn.answer.body>> {
    const issued = await this.logins.logIn({ realmId: staffRealmId, name: body.email, password: body.password }, http, reply);
    if (issued.step === 'next') return toNextStep(issued);
    const { member, person } = await this.staff.self(issued.userId, context.requestId).catch(async (error: unknown) => {
      await this.logins.takeBack({ realmId: staffRealmId, refreshToken: issued.refreshToken }, reply, context);
      throw error;
    });
    return { ...toTokens(issued), user: toUserObject(member, person, true) };
  }

  @Header('cache-control', 'no-store')
  @Serves(newPassword)
  async newPassword({ body, context, http, reply }: RouteCall<typeof newPassword>): Promise<z.output<typeof newPassword.answer.body>> {
    const issued = await this.logins.chooseNewPassword({ realmId: null, stepToken: body.step_token, password: body.password }, http, reply, context);
    return { ...toTokens(issued), user_id: issued.userId };
  }

  @Header('cache-control', 'no-store')
  @Serves(refresh)
  async refresh({ body, context, http }: RouteCall<typeof refresh>): Promise<z.output<typeof tokens>> {
    return toTokens(await this.rpc.call(identity.refreshSession, { realmId: staffRealmId, refreshToken: body.refresh_token, ...clientOf(http) }, context));
  }

  @Serves(logOut)
  async logOut({ body, context }: RouteCall<typeof logOut>): Promise<void> {
    await this.rpc.call(identity.endSession, { realmId: staffRealmId, refreshToken: body.refresh_token }, context);
  }
}
