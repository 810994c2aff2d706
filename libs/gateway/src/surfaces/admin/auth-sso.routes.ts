import { randomBytes } from 'node:crypto';
import { Controller, Header, Inject } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { identity, membership } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { runtimeConfig } from '#libs/platform/runtime';
import { anyone } from '../../access/access-rule.js';
import { clientOf } from '../../http/client.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { tokens, toTokens } from './token.wire.js';

const orgParams = z.object({ org: z.string().max(64) });
const notSetUp = { 404: 'There is no such organisation, or it has no single sign-on.' };
const cookieName = 'rollcall_sso';
const cookiePath = '/v1/auth/sso';
const attemptSeconds = 600;
const state = z.string().regex(/^[\x20-\x7e]{1,256}$/, 'must be 1 to 256 printable ASCII characters').optional();

const start = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/auth/sso/:org/start',
  access: anyone,
  summary: 'Send the browser to the organisation’s identity provider; `org` is its slug or id',
  params: orgParams,
  query: z
    .object({
      return_to: z.string().max(2_048).optional().describe('A page of the connection’s return_urls, which gets `?code=`; without it the callback answers with tokens'),
      state: state.describe('Given back to the page of return_to, which knows by it that it began this login itself (RFC 6749, section 10.12)'),
    })
    .refine(({ return_to, state }) => state === undefined || return_to !== undefined, { path: ['state'], error: 'goes with return_to only' }),
  answer: { status: 302, description: 'To the provider', body: z.object({ authorization_url: z.string() }), headers: ['Location', 'Set-Cookie'] },
  failures: notSetUp,
});

const callback = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/auth/sso/:org/callback',
  access: anyone,
  summary: 'Where the identity provider sends the browser back to: tokens, or on to the page with `?code=` or `?error=`, and its `state`',
  params: orgParams,
  query: z.looseObject({}),
  answer: { status: 200, description: 'Tokens; 302 where the login was begun with return_to', body: z.union([tokens.extend({ user_id: z.string() }), z.object({ return_to: z.string() })]), headers: ['Set-Cookie'] },
  otherAnswers: { 302: { description: 'To the page that the login was begun for', body: z.object({ return_to: z.string() }), headers: ['Location', 'Set-Cookie'] } },
  failures: notSetUp,
});

const redeem = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/sso/token',
  access: anyone,
  idempotencyKey: { ignored: 'the code in the body counts once' },
  summary: 'Tokens for the code that a page was given, once and within a minute',
  body: z.strictObject({ code: z.string().min(1).max(128) }),
  answer: { status: 200, description: 'Tokens', body: tokens.extend({ user_id: z.string() }) },
  failures: { 401: 'The code is unknown, was used, or is too old.' },
});

/** Logging in at an organisation's own identity provider (OpenID Connect Core 1.0, code flow with PKCE). */
@Controller()
export class AuthSsoRoutes {
  constructor(
    private readonly rpc: RpcClient,
    @Inject(runtimeConfig.token) private readonly config: ConfigValues<typeof runtimeConfig>,
  ) {}

  @Header('cache-control', 'no-store')
  @Serves(start)
  async start({ params, query, context, reply }: RouteCall<typeof start>): Promise<z.output<typeof start.answer.body>> {
    const organisationId = await this.organisationOf(params.org, context);
    const browserSecret = randomBytes(32).toString('base64url');
    const request = { organisationId, callbackUrl: this.callbackUrl(params.org), returnTo: query.return_to ?? null, browserSecret };
    const { authorizationUrl } = await this.rpc.call(identity.beginSso, request, context);
    // Lax, not Strict: the provider's page sends the browser back, and that is when it is needed.
    void reply.header('location', authorizationUrl).header('set-cookie', this.cookie(query.state === undefined ? browserSecret : `${browserSecret}.${Buffer.from(query.state).toString('base64url')}`, attemptSeconds));
    return { authorization_url: authorizationUrl };
  }

  @Header('cache-control', 'no-store')
  @Serves(callback)
  async callback({ params, context, http, reply }: RouteCall<typeof callback>): Promise<z.output<typeof callback.answer.body>> {
    const organisationId = await this.organisationOf(params.org, context);
    const calledUrl = new URL(http.url, this.publicUrl()).href;
    const { browserSecret = null, pageState } = cookieOf(http);
    const done = await this.rpc.call(identity.completeSso, { organisationId, calledUrl, browserSecret, ...clientOf(http) }, context);
    void reply.header('set-cookie', this.cookie('', 0));
    if (done.kind === 'tokens') return { ...toTokens(done.tokens), user_id: done.tokens.userId };
    const page = new URL(done.returnTo);
    if (done.kind === 'code') page.searchParams.set('code', done.code);
    else for (const [name, value] of [['error', done.error], ['error_description', done.message]] as const) page.searchParams.set(name, value);
    if (pageState !== undefined) page.searchParams.set('state', pageState);
    void reply.status(302).header('location', page.href);
    return { return_to: done.returnTo };
  }

  @Header('cache-control', 'no-store')
  @Serves(redeem)
  async redeem({ body, context, http }: RouteCall<typeof redeem>): Promise<z.output<typeof redeem.answer.body>> {
    const issued = await this.rpc.call(identity.redeemSsoCode, { code: body.code, ...clientOf(http) }, context);
    return { ...toTokens(issued), user_id: issued.userId };
  }

  /** By slug or id. One that is not there is answered like one without single sign-on. */
  private async organisationOf(org: string, context: CallContext): Promise<string> {
    if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(org)) return org.toLowerCase();
    const { organisationId } = await this.rpc.call(membership.findOrganisation, { slug: org }, context).catch((error: unknown) => {
      // Else strangers would learn which organisations there are.
      throw isFailure(error, 'organisation-not-found') ? identity.identityErrors.failure('sso-not-set-up', 'There is no single sign-on of such an organisation.') : error;
    });
    return organisationId;
  }

  /** What the provider was told of when it was set up: never what a caller says our name is. */
  private callbackUrl(org: string): string {
    return new URL(`v1/auth/sso/${encodeURIComponent(org)}/callback`, this.publicUrl()).href;
  }

  private publicUrl(): string {
    const { PUBLIC_URL, HOST, PORT } = this.config;
    return `${(PUBLIC_URL ?? `http://${HOST}:${PORT}`).replace(/\/$/, '')}/`;
  }

  private cookie(value: string, maxAgeSeconds: number): string {
    const secure = this.publicUrl().startsWith('https:') ? '; Secure' : '';
    return `${cookieName}=${value}; Path=${cookiePath}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
  }
}

/** What only the browser has in which the login was begun, and what its page is to be told; each absent where there is none. */
function cookieOf(request: FastifyRequest): { browserSecret?: string; pageState?: string } {
  const [, browserSecret, state] = /(?:^|;)\s*rollcall_sso=([\w-]{1,128})(?:\.([\w-]{1,512}))?(?:;|$)/.exec(request.headers.cookie ?? '') ?? [];
  return { ...(browserSecret !== undefined && { browserSecret }), ...(state !== undefined && { pageState: Buffer.from(state, 'base64url').toString() }) };
}
