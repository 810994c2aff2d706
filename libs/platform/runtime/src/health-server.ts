import { createServer, type IncomingMessage } from 'node:http';
import { StartupError } from '#libs/platform/errors';
import { isOperator, type Metrics, type Readiness } from '#libs/platform/telemetry';

interface Served {
  readiness: Readiness;
  metrics: Metrics;
  /** Shows the metrics to other hosts. */
  token: string | undefined;
}

interface Answer {
  status: number;
  type: string;
  text: string;
}

/** `/health/live`, `/health/ready` and `/metrics` of a process that has no HTTP side of its own: what an orchestrator's probes and Prometheus ask. */
export async function serveHealth(served: Served, host: string, port: number): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    void answer(served, request).then(({ status, type, text }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...(status === 401 ? { 'www-authenticate': 'Bearer realm="rollcall"' } : {}) }).end(text);
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

async function answer({ readiness, metrics, token }: Served, request: IncomingMessage): Promise<Answer> {
  const [path] = (request.url ?? '').split('?');
  if (path === '/health/live') return json(200, { status: 'live' });
  if (path === '/health/ready') {
    const dependencies = await readiness.check();
    const ready = dependencies.every((dependency) => dependency.ready);
    return json(ready ? 200 : 503, { status: ready ? 'ready' : 'unready', dependencies });
  }
  if (path !== '/metrics') return json(404, { status: 'not-found' });
  if (!isOperator({ address: request.socket.remoteAddress, headers: request.headers }, token)) return json(401, { status: 'unauthorized', message: 'The metrics are shown on this host, or with HEALTH_TOKEN as a bearer token.' });
  return { status: 200, type: metrics.contentType, text: await metrics.text() };
}

const json = (status: number, body: unknown): Answer => ({ status, type: 'application/json', text: JSON.stringify(body) });
