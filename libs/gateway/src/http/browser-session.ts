import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConfigValues } from '#libs/platform/config';
import { runtimeConfig } from '#libs/platform/runtime';
import { gatewayConfig } from '../gateway.config.js';
import { httpErrors } from './http-errors.js';

/** The header that only a page of our own can send: browsers let no other origin do so without being allowed to. */
const ownPageHeader = 'x-csrf-protection';

const cookieName = 'rollcall_session';
/** Nothing but these routes is ever sent the cookie. */
const cookiePath = '/v1/auth/browser';
const idleSeconds = 90 * 86_400;

/**
 * The session of a page that is served from here: its refresh token is in a cookie that scripts can't read and other sites don't
 * send, its access token in the page's memory alone.
 */
@Injectable()
export class BrowserSession {
  constructor(
    @Inject(gatewayConfig.token) private readonly config: ConfigValues<typeof gatewayConfig>,
    @Inject(runtimeConfig.token) private readonly runtime: ConfigValues<typeof runtimeConfig>,
  ) {}

  /** @throws Failure `cross-site-request` for what a page of another origin sent, or may have sent */
  mustBeOwnPage(request: FastifyRequest): void {
    if (request.headers[ownPageHeader] !== '1') throw refusal('The header X-CSRF-Protection: 1 is missing, which a page of another site could not send.');
    const site = request.headers['sec-fetch-site'];
    if (site === undefined ? !this.isOwnOrigin(request) : site !== 'same-origin') throw refusal('Only pages that are served from here may use the session in the cookie.');
  }

  tokenOf(request: FastifyRequest): string | undefined {
    return /(?:^|;)\s*rollcall_session=([\w.-]{1,512})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  }

  keep(request: FastifyRequest, reply: FastifyReply, refreshToken: string): void {
    this.set(request, reply, refreshToken, idleSeconds);
  }

  forget(request: FastifyRequest, reply: FastifyReply): void {
    this.set(request, reply, '', 0);
  }

  /** Beside a cookie that a login has set already. */
  private set(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeSeconds: number): void {
    const secure = request.protocol === 'https' || this.config.COOKIES_SECURE || this.runtime.PUBLIC_URL?.startsWith('https:') === true ? '; Secure' : '';
    void reply.header('set-cookie', `${cookieName}=${value}; Path=${cookiePath}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`);
  }

  /** What sends no Sec-Fetch-Site is an old browser, or none. */
  private isOwnOrigin(request: FastifyRequest): boolean {
    const { origin } = request.headers;
    if (origin === undefined) return true;
    if (!URL.canParse(origin)) return false;
    return new URL(origin).host === request.host || new URL(origin).origin === (this.runtime.PUBLIC_URL === undefined ? undefined : new URL(this.runtime.PUBLIC_URL).origin);
  }
}

function refusal(message: string) {
  return httpErrors.failure('cross-site-request', message);
}
