import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity, storableText } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { anyone } from '../../access/access-rule.js';
import { unknownProject } from '../../access/environment-access.js';
import { clientOf } from '../../http/client.js';
import { deviceHeaders } from '../../http/known-device.js';
import { newPasswordBody, nextStep, toNextStep } from '../../http/next-step.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Logins } from '../../upstream/logins.js';
import { Projects } from '../../upstream/projects.js';

const projectParam = z.object({ project: z.string() });
const refreshBody = z.strictObject({ refresh: z.string().min(1).max(512) });

const tokens = z.object({
  id: z.string(),
  access_token: z.string(),
  expires_at: z.number().int().describe('Unix seconds'),
  type: z.literal('Bearer'),
  refresh: z.string(),
  auth_type: z.literal('user'),
});

const logIn = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/login',
  keepsAnswers: true,
  access: anyone,
  pages: 'path',
  idempotencyKey: { ignored: 'the answer holds tokens, which are not kept' },
  summary: 'Log a user in by user name or email',
  params: projectParam,
  body: z.strictObject({ username: storableText.min(1).max(320), password: z.string().max(1_024) }),
  answer: { status: 200, description: 'An access token and the refresh token that renews it; or what else has to be done first', body: z.union([tokens, nextStep]), headers: deviceHeaders },
  failures: { 401: 'User name or password is wrong.', 403: 'The user is inactive.', 429: 'Too many attempts.' },
});

const newPassword = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/login/new-password',
  keepsAnswers: true,
  access: anyone,
  pages: 'path',
  idempotencyKey: { ignored: 'the step token in the body counts once' },
  summary: 'Go on with a login whose next step is new-password: choose another password, and be logged in',
  params: projectParam,
  body: newPasswordBody,
  answer: { status: 200, description: 'An access token and the refresh token that renews it', body: tokens, headers: deviceHeaders },
  failures: { 401: 'The step token was used, has expired, or the login was changed since.', 403: 'The user is inactive.' },
});

const refresh = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/refresh',
  keepsAnswers: true,
  access: anyone,
  pages: 'path',
  idempotencyKey: { ignored: 'the answer holds tokens, which are not kept' },
  summary: 'Rotate a refresh token',
  params: projectParam,
  body: refreshBody,
  answer: { status: 200, description: 'A new access token and the next refresh token', body: tokens },
  failures: { 401: 'The refresh token is not valid any more.' },
});

const logOut = route({
  surface: 'project',
  method: 'POST',
  path: '/:project/users/logout',
  access: anyone,
  pages: 'path',
  idempotencyKey: { ignored: 'ending a session twice is ending it once' },
  summary: 'End the session of a refresh token',
  params: projectParam,
  body: refreshBody,
  answer: { status: 204, description: 'The session has ended' },
});

@Controller()
export class ProjectLoginRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly projects: Projects,
    private readonly logins: Logins,
  ) {}

  @Header('cache-control', 'no-store')
  @Serves(logIn)
  async logIn({ params, body, requestId, http, reply }: RouteCall<typeof logIn>): Promise<z.output<typeof logIn.answer.body>> {
    const realmId = await this.realmOf(params.project, requestId);
    const result = await this.logins.logIn({ realmId, name: body.username, password: body.password }, http, reply);
    return result.step === 'done' ? toTokens(result) : toNextStep(result);
  }

  @Header('cache-control', 'no-store')
  @Serves(newPassword)
  async newPassword({ params, body, context, http, reply }: RouteCall<typeof newPassword>): Promise<z.output<typeof tokens>> {
    const realmId = await this.realmOf(params.project, context.requestId);
    return toTokens(await this.logins.chooseNewPassword({ realmId, stepToken: body.step_token, password: body.password }, http, reply, context));
  }

  @Header('cache-control', 'no-store')
  @Serves(refresh)
  async refresh({ params, body, context, http }: RouteCall<typeof refresh>): Promise<z.output<typeof tokens>> {
    return toTokens(await this.rpc.call(identity.refreshSession, { realmId: await this.realmOf(params.project, context.requestId), refreshToken: body.refresh, ...clientOf(http) }, context));
  }

  @Serves(logOut)
  async logOut({ params, body, context }: RouteCall<typeof logOut>): Promise<void> {
    await this.rpc.call(identity.endSession, { realmId: await this.realmOf(params.project, context.requestId), refreshToken: body.refresh }, context);
  }

  private async realmOf(project: string, requestId: string): Promise<string> {
    const found = await this.projects.find(project, requestId).catch((error: unknown) => {
      throw isFailure(error, 'project-not-found') || isFailure(error, 'invalid-request') ? unknownProject() : error;
    });
    return found.projectId;
  }
}

function toTokens(issued: identity.IssuedTokens): z.output<typeof tokens> {
  return { id: issued.userId, access_token: issued.accessToken, expires_at: issued.expiresAt, type: 'Bearer', refresh: issued.refreshToken, auth_type: 'user' };
}
