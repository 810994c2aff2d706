import type { FastifyInstance } from 'fastify';
import type { Metrics } from '#libs/platform/telemetry';
import type { Route } from './route.js';

/** Measures every request, by the route's definition: what a client made up (paths, methods) never becomes a label. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.durations('rollcall_http_request_duration_seconds', 'Requests of the public API, from their arrival to the last byte of the answer', ['surface', 'method', 'route', 'status']);
  const open = metrics.gauge('rollcall_http_requests_open', 'Requests that are being answered');
  const aborted = metrics.counter('rollcall_http_requests_aborted_total', 'Requests whose client went away before the answer');
  let requests = 0;
  metrics.readWhenAsked({ read: () => open.set(requests) });
  server.addHook('onRequest', (_request, _reply, next) => {
    requests += 1;
    next();
  });
  server.addHook('onResponse', (request, reply, next) => {
    requests -= 1;
    const { rollcallRoute: route } = request.routeOptions.config as { rollcallRoute?: Route };
    const labels = route === undefined ? { surface: 'none', method: 'any', route: 'none' } : { surface: route.surface, method: route.method, route: pathOf(route) };
    durations.observe({ ...labels, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    next();
  });
  server.addHook('onRequestAbort', (_request, next) => {
    aborted.inc();
    next();
  });
}

export const pathOf = ({ path }: Route): string => (typeof path === 'string' ? path : (path[0] ?? 'none'));
