import { createServer } from 'node:http';
import { StartupError } from '#libs/platform/errors';
import type { Readiness } from '#libs/platform/telemetry';

/** `/health/live` and `/health/ready` of a process that has no HTTP side of its own: what an orchestrator's probes ask. */
export async function serveHealth(readiness: Readiness, host: string, port: number): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    void answer(readiness, request.url ?? '').then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new StartupError(`HEALTH_PORT ${port} can't be used: ${error.message}.`)));
    server.listen(port, host, resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function answer(readiness: Readiness, path: string): Promise<[number, unknown]> {
  if (path === '/health/live') return [200, { status: 'live' }];
  if (path !== '/health/ready') return [404, { status: 'not-found' }];
  const dependencies = await readiness.check();
  const ready = dependencies.every((dependency) => dependency.ready);
  return [ready ? 200 : 503, { status: ready ? 'ready' : 'unready', dependencies }];
}
