import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTracing, startSpan, type Span } from '#libs/platform/tracing';
import { onceClosed } from './once-closed.js';
import { pathOf, statusOf } from './request-metrics.js';
import type { Route } from './route.js';

/**
 * Makes a span of every request while there are traces: one that goes on with the caller's, by `traceparent`, or begins one. It says which
 * route was called and what was answered. Path, query and bodies hold what clients made up, and are no part of it.
 */
export function traceRequests(server: FastifyInstance): void {
  if (!isTracing()) return;
  const spans = new WeakMap<FastifyRequest, Span>();
  server.addHook('onRequest', (request, reply, next) => {
    const { traceparent } = request.headers;
    const span = startSpan({ name: 'request', kind: 'server', from: typeof traceparent === 'string' ? traceparent : undefined, begins: true, attributes: { 'rollcall.request_id': request.id } });
    spans.set(request, span);
    onceClosed(request, reply, () => close(span, request, statusOf(reply), reply.raw.writableFinished));
    span.run(next);
  });
  // What reads the body goes on from its stream, which knows of no span.
  server.addHook('preValidation', (request, _reply, next) => {
    const span = spans.get(request);
    if (span === undefined) next();
    else span.run(next);
  });
}

function close(span: Span, request: FastifyRequest, status: number | undefined, answered: boolean): void {
  const { rollcallRoute: route } = request.routeOptions.config as { rollcallRoute?: Route };
  const at = route === undefined ? 'none' : pathOf(route);
  // Methods that there is no route of are a client's invention.
  span.rename(route === undefined ? 'no route' : `${route.method} ${at}`);
  span.set({ 'http.route': at, ...(status === undefined ? {} : { 'http.response.status_code': status }), ...(route === undefined ? {} : { 'http.request.method': route.method, 'rollcall.surface': route.surface }) });
  if (status !== undefined && status >= 500) span.fail(String(status));
  if (!answered) span.set({ 'rollcall.aborted': true });
  span.end();
}
