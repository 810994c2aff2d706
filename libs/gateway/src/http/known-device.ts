import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConfigValues } from '#libs/platform/config';
import { gatewayConfig } from '../gateway.config.js';

/** What an answer to a login hands the device. */
export const deviceHeaders = ['X-Device-Token', 'Set-Cookie'] as const;

const header = 'x-device-token';
const cookieName = 'rollcall_device';
const longest = 512;
const maxAgeSeconds = 365 * 86_400;

/**
 * How a device keeps what tells that its user has logged in on it before: a browser as a cookie that scripts can't read, any other
 * client by sending back the header. The cookie is sent to the login path alone, and to what is below it: the login's next step.
 */
@Injectable()
export class KnownDevice {
  constructor(@Inject(gatewayConfig.token) private readonly config: ConfigValues<typeof gatewayConfig>) {}

  /** The header comes first: who sends one means it. What can't be a token counts as none, and never fails a login. */
  tokenOf(request: FastifyRequest): string | null {
    const given = request.headers[header];
    const token = typeof given === 'string' && given !== '' ? given : cookieOf(request.headers.cookie);
    return token === undefined || token.length > longest || !/^[\w.-]+$/.test(token) ? null : token;
  }

  /** Hands the device its next token. */
  remember(request: FastifyRequest, reply: FastifyReply, token: string): void {
    const path = new URL(request.url, 'http://localhost').pathname.replace(/\/new-password$/, '');
    const secure = request.protocol === 'https' || this.config.COOKIES_SECURE ? '; Secure' : '';
    void reply.header(header, token).header('set-cookie', `${cookieName}=${token}; Path=${path}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`);
  }

  /** Before the answer is sent: it is none to a login. */
  takeBack(reply: FastifyReply): void {
    void reply.removeHeader(header).removeHeader('set-cookie');
  }
}

function cookieOf(cookies: string | undefined): string | undefined {
  return /(?:^|;)\s*rollcall_device=([^;\s]*)/.exec(cookies ?? '')?.[1];
}
