import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from './route.js';
import type { RouteTable } from './route-table.js';

/** What tells which project a page wants to talk to; `open` where nothing but a mailed token does. */
export type PageProject = 'caller' | 'path' | 'body' | 'open';

const requestHeaders = ['authorization', 'content-type', 'idempotency-key', 'x-request-id', 'x-sdk-version', 'x-device-token'].join(', ');
const answerHeaders = ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Rollcall-Claims-Skipped', 'X-Rollcall-Job-Id', 'X-Device-Token'].join(', ');
const rememberedSeconds = 600;

/**
 * Where the project of a page's request is named; undefined for routes that pages of other origins have no business with: they
 * take a secret, or a member of staff.
 */
export function pageProjectOf({ access, pages }: Route): PageProject | undefined {
  if (access.kind === 'engagement') return access.secret === 'optional' ? 'caller' : undefined;
  return access.kind === 'end-user' || access.kind === 'signed-in' ? 'caller' : pages;
}

/** Lets a page read the answer. `*`: any page. */
export function letRead(reply: FastifyReply, origin: string): void {
  void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', answerHeaders);
}

/**
 * Answers a browser that asks whether it may send a request (CORS preflight). It carries no credentials, so it is answered for every
 * origin: which project's pages may really call is known with the request itself.
 * @returns whether it was one, for a route that pages may call
 */
export function answerPreflight(routes: RouteTable, request: FastifyRequest, reply: FastifyReply): boolean {
  const { origin, 'access-control-request-method': wanted } = request.headers;
  if (request.method !== 'OPTIONS' || origin === undefined || wanted === undefined) return false;
  const methods = routes.pageMethodsOf(request.url);
  if (!methods.includes(wanted)) return false;
  void reply
    .status(204)
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-methods', methods.join(', '))
    .header('access-control-allow-headers', requestHeaders)
    .header('access-control-max-age', String(rememberedSeconds))
    .header('vary', 'Origin')
    .send();
  return true;
}
