import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity, staffRealmId, storableText } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone } from '../../access/access-rule.js';
import { BrowserSession } from '../../http/browser-session.js';
import { clientOf } from '../../http/client.js';
import { deviceHeaders } from '../../http/known-device.js';
import { newPasswordBody, nextStep, toNextStep } from '../../http/next-step.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Logins } from '../../upstream/logins.js';
import { toTokens, tokens } from './token.wire.js';

/** What a page keeps in its memory. The refresh token is in the cookie. */
const accessToken = tokens.omit({ refresh_token: true }).extend({ user_id: z.string() });
type AccessToken = z.output<typeof accessToken>;
const nothingKept = { ignored: 'the answer holds tokens, which are not kept' };
const description = 'For pages that are served from the same origin, such as the console. Takes the header `X-CSRF-Protection: 1`; the refresh token is in a cookie that is HttpOnly and SameSite=Strict, and in no body.';
const foreignPage = { 403: 'The request does not come from a page that is served from here.' };

const logIn = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/browser/login',
  keepsAnswers: true,
  access: anyone,
  idempotencyKey: nothingKept,
  summary: 'Log a staff member in, with the session in a cookie',
  description,
  body: z.strictObject({ email: storableText.min(1).max(320), password: z.string().max(1_024) }),
  answer: { status: 200, description: 'An access token; or what else has to be done first', body: z.union([accessToken, nextStep]), headers: deviceHeaders },
  failures: { 401: 'Email or password is wrong.', 403: 'The user is inactive, or the request does not come from a page that is served from here.', 429: 'Too many attempts.' },
});

const newPassword = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/browser/login/new-password',
  keepsAnswers: true,
  access: anyone,
  idempotencyKey: { ignored: 'the step token in the body counts once' },
  summary: 'Go on with a login whose next step is new-password, with the session in a cookie',
  description,
  body: newPasswordBody,
  answer: { status: 200, description: 'An access token', body: accessToken, headers: deviceHeaders },
  failures: { 401: 'The step token was used, has expired, or the login was changed since.', ...foreignPage },
});

const redeem = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/browser/sso-token',
  access: anyone,
  idempotencyKey: { ignored: 'the code in the body counts once' },
  summary: 'A session in a cookie for the code that a single sign-on gave a page, once and within a minute',
  description,
  body: z.strictObject({ code: z.string().min(1).max(128) }),
  answer: { status: 200, description: 'An access token', body: accessToken, headers: ['Set-Cookie'] },
  failures: { 401: 'The code is unknown, was used, or is too old.', ...foreignPage },
});

const refresh = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/browser/refresh',
  keepsAnswers: true,
  access: anyone,
  idempotencyKey: nothingKept,
  summary: 'Another access token for the session in the cookie, whose refresh token is rotated',
  description,
  answer: { status: 200, description: 'An access token', body: accessToken, headers: ['Set-Cookie'] },
  failures: { 401: 'There is no session in the cookie, or it has ended.', ...foreignPage },
});

const logOut = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/browser/logout',
  access: anyone,
  idempotencyKey: { ignored: 'ending a session twice is ending it once' },
  summary: 'End the session in the cookie, and take the cookie away',
  description,
  answer: { status: 204, description: 'The session has ended', headers: ['Set-Cookie'] },
  failures: foreignPage,
});

/** The session of staff in a page: logging in and going on, without a script ever seeing the refresh token. */
@Controller()
export class BrowserSessionRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logins: Logins,
    private readonly session: BrowserSession,
  ) {}

  @Header('cache-control', 'no-store')
  @Serves(logIn)
  async logIn({ body, http, reply }: RouteCall<typeof logIn>): Promise<z.output<typeof logIn.answer.body>> {
    this.session.mustBeOwnPage(http);
    const issued = await this.logins.logIn({ realmId: staffRealmId, name: body.email, password: body.password }, http, reply);
    return issued.step === 'next' ? toNextStep(issued) : this.begin(issued, { http, reply });
  }

  @Header('cache-control', 'no-store')
  @Serves(newPassword)
  async newPassword({ body, context, http, reply }: RouteCall<typeof newPassword>): Promise<AccessToken> {
    this.session.mustBeOwnPage(http);
    return this.begin(await this.logins.chooseNewPassword({ realmId: staffRealmId, stepToken: body.step_token, password: body.password }, http, reply, context), { http, reply });
  }

  @Header('cache-control', 'no-store')
  @Serves(redeem)
  async redeem({ body, context, http, reply }: RouteCall<typeof redeem>): Promise<AccessToken> {
    this.session.mustBeOwnPage(http);
    return this.begin(await this.rpc.call(identity.redeemSsoCode, { code: body.code, ...clientOf(http) }, context), { http, reply });
  }

  @Header('cache-control', 'no-store')
  @Serves(refresh)
  async refresh({ context, http, reply }: RouteCall<typeof refresh>): Promise<AccessToken> {
    this.session.mustBeOwnPage(http);
    const refreshToken = this.session.tokenOf(http);
    if (refreshToken === undefined) throw identity.identityErrors.failure('refresh-token-invalid', 'There is no session in the cookie.');
    return this.begin(await this.rpc.call(identity.refreshSession, { realmId: staffRealmId, refreshToken, ...clientOf(http) }, context), { http, reply });
  }

  @Serves(logOut)
  async logOut({ context, http, reply }: RouteCall<typeof logOut>): Promise<void> {
    this.session.mustBeOwnPage(http);
    const refreshToken = this.session.tokenOf(http);
    if (refreshToken !== undefined) await this.rpc.call(identity.endSession, { realmId: staffRealmId, refreshToken }, context);
    this.session.forget(http, reply);
  }

  private begin(issued: identity.IssuedTokens, { http, reply }: Pick<RouteCall, 'http' | 'reply'>): AccessToken {
    const { refresh_token: refreshToken, ...answer } = toTokens(issued);
    this.session.keep(http, reply, refreshToken);
    return { ...answer, user_id: issued.userId };
  }
}
