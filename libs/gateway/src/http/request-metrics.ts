import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Metrics } from '#libs/platform/telemetry';
import { onceClosed } from './once-closed.js';
import type { Route } from './route.js';

/** Measures every request, by the route's definition: what a client made up (paths, methods) never becomes a label. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.durations('rollcall_http_request_duration_seconds', 'Requests of the public API, from their arrival to the last byte of the answer', ['surface', 'method', 'route', 'status']);
  const open = metrics.gauge('rollcall_http_requests_open', 'Requests that are being answered');
  const aborted = metrics.counter('rollcall_http_requests_aborted_total', 'Requests whose client went away before the whole of the answer');
  let requests = 0;
  metrics.readWhenAsked({ read: () => open.set(requests) });
  server.addHook('onRequest', (request, reply, next) => {
    requests += 1;
    const arrivedAt = performance.now();
    onceClosed(request, reply, () => {
      requests -= 1;
      const { rollcallRoute: route } = request.routeOptions.config as { rollcallRoute?: Route };
      const labels = route === undefined ? { surface: 'none', method: 'any', route: 'none' } : { surface: route.surface, method: route.method, route: pathOf(route) };
      durations.observe({ ...labels, status: String(statusOf(reply) ?? 'none') }, (performance.now() - arrivedAt) / 1_000);
      if (!reply.raw.writableFinished) aborted.inc();
    });
    next();
  });
}

/** What the client was told; undefined when it went away before that. */
export function statusOf({ raw }: FastifyReply): number | undefined {
  return raw.headersSent ? raw.statusCode : undefined;
}

export const pathOf = ({ path }: Route): string => (typeof path === 'string' ? path : (path[0] ?? 'none'));
