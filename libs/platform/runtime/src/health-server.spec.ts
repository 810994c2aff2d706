import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Metrics, Readiness } from '#libs/platform/telemetry';
import { freePort } from '#libs/platform/testing';
import { serveHealth } from './health-server.js';

const token = 'a-token-of-the-operator';

describe('the probes of a process without HTTP API', () => {
  const metrics = new Metrics();
  const readiness = new Readiness();
  let reachable = true;
  let url = '';
  let close: () => Promise<void>;
  beforeAll(async () => {
    readiness.register('postgres:identity', async () => {
      if (!reachable) throw new Error('out of reach');
    });
    metrics.counter('tries_total', 'Tries').inc();
    const port = await freePort();
    close = await serveHealth({ readiness, metrics, token }, '127.0.0.1', port);
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(() => close());

  it('say that it lives, and whether it can serve and why not', async () => {
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    reachable = false;
    const unready = await fetch(`${url}/health/ready`);
    expect([unready.status, await unready.json()]).toEqual([503, { status: 'unready', dependencies: [{ name: 'postgres:identity', ready: false, reason: 'out of reach' }] }]);
    reachable = true;
  });

  it('tell its figures on the host itself', async () => {
    const answer = await fetch(`${url}/metrics?ignored=1`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([200, metrics.contentType, 'no-store']);
    expect(await answer.text()).toContain('tries_total 1');
  });

  it('tell them to others with the token only', async () => {
    const asked = (authorization?: string) => fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '10.0.0.7', ...(authorization === undefined ? {} : { authorization }) } });
    const refused = await asked();
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="rollcall"']);
    expect((await asked('Bearer another-token-of-somebody')).status).toBe(401);
    expect((await asked(`Bearer ${token}`)).status).toBe(200);
  });

  it('have nothing else', async () => {
    expect((await fetch(`${url}/v1/users`)).status).toBe(404);
  });
});
