import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from '#libs/platform/logging';
import { defineTarget, type HttpOptions } from '#libs/platform/runtime';
import { Metrics } from '#libs/platform/telemetry';
import { Changes } from './access/changes.js';
import { gatewayConfig } from './gateway.config.js';
import { serveConsole } from './console/serve-console.js';
import { dialects, GatewayModule } from './gateway.module.js';
import { answerPreflight, pageProjectOf } from './http/browser-pages.js';
import { FailureFilter } from './http/failure-filter.js';
import { createHttpAdapter, useBodyParsers } from './http/http-server.js';
import { noteChanges } from './http/note-changes.js';
import { measureRequests } from './http/request-metrics.js';
import type { Route } from './http/route.js';
import { traceRequests } from './http/request-traces.js';
import { RouteTable } from './http/route-table.js';
import { ApiDocuments } from './reference/api-documents.js';

/** The HTTP side of Rollcall: four surfaces over the services' messages. Stores nothing. */
export const gatewayTarget = defineTarget({
  name: 'gateway',
  module: GatewayModule,
  config: [gatewayConfig],
  http: { createAdapter: (config) => createHttpAdapter(config(gatewayConfig), dialects), configure },
});

function configure(app: NestFastifyApplication, { config, publicUrl }: HttpOptions): void {
  const routes = new RouteTable();
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', ({ method, url, config: served }) => {
    const { rollcallRoute } = (served ?? {}) as { rollcallRoute?: Route };
    const forPages = rollcallRoute !== undefined && pageProjectOf(rollcallRoute) !== undefined;
    for (const each of [method].flat()) routes.add(each, url, forPages);
  });
  measureRequests(server, app.get(Metrics));
  traceRequests(server);
  noteChanges(server, app.get(Changes));
  server.addHook('onRequest', (request, reply, next) => {
    if (!answerPreflight(routes, request, reply)) next();
  });
  useBodyParsers(app.getHttpAdapter() as never);
  server.addHook('onRequest', (request, reply, next) => {
    const { url } = request.routeOptions;
    if (url === undefined || routes.isServed(url, request.params as Record<string, string>)) next();
    // As if the router had found nothing: what is not served is in the dialect of the path, and no route's in figures.
    else reply.callNotFound();
  });
  app.useGlobalFilters(new FailureFilter(dialects, routes, app.get(Logger)));
  if (config(gatewayConfig).CONSOLE_ENABLED) serveConsole(server);
  app.get(ApiDocuments).publishAt(publicUrl);
}
