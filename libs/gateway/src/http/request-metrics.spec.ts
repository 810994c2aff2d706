import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { Metrics } from '#libs/platform/telemetry';
import { eventually } from '#libs/platform/testing';
import { measureRequests } from './request-metrics.js';
import type { Route } from './route.js';

let server: FastifyInstance;
let metrics: Metrics;
let begun: number;
let answer: () => void;

const routed = (path: string, method: string) => ({ config: { rollcallRoute: { surface: 'admin', method, path } as Route } });

beforeAll(async () => {
  server = fastify({ forceCloseConnections: true });
  metrics = new Metrics();
  measureRequests(server, metrics);
  server.get('/quick', routed('/quick', 'GET'), async () => ({ quick: true }));
  server.all('/slow', routed('/slow', 'any'), async () => {
    begun += 1;
    await new Promise<void>((resolve) => (answer = resolve));
    return { slow: true };
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
  begun = 0;
});

const send = (text: string) => {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).write(text);
  return socket;
};
const requestTo = (path: string, body = '') => `${body === '' ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nhost: localhost\r\n${body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`}\r\n${body}`;

/** What changed since: requests that are open and were aborted, and those that were measured, by status. */
async function figures(): Promise<{ open: number; aborted: number; measured: Record<string, number> }> {
  const text = await metrics.text();
  const one = (name: string) => Number(new RegExp(`^rollcall_http_requests_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  const measured: Record<string, number> = {};
  for (const [, status, count] of text.matchAll(/^rollcall_http_request_duration_seconds_count\{.*status="(\w+)"\} (\d+)$/gm)) measured[status!] = (measured[status!] ?? 0) + Number(count);
  return { open: one('open'), aborted: one('aborted_total'), measured };
}
async function since(before: Awaited<ReturnType<typeof figures>>) {
  const { open, aborted, measured } = await figures();
  return { open: open - before.open, aborted: aborted - before.aborted, measured: Object.fromEntries(Object.entries(measured).map(([status, count]) => [status, count - (before.measured[status] ?? 0)]).filter(([, count]) => count !== 0)) };
}

describe('requests in the figures', () => {
  it('are open until they are answered', async () => {
    const before = await figures();
    const answered = fetch(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}/slow`);
    await eventually(() => expect(begun).toBe(1));
    expect(await since(before)).toEqual({ open: 1, aborted: 0, measured: {} });
    answer();
    expect((await answered).status).toBe(200);
    await eventually(async () => expect(await since(before)).toEqual({ open: 0, aborted: 0, measured: { 200: 1 } }));
  });

  it.each([['without a body', ''], ['whose body was read', '{"a":1}']])('end as aborted when their client goes away: one %s', async (_kind, body) => {
    const before = await figures();
    const socket = send(requestTo('/slow', body));
    await eventually(() => expect(begun).toBe(1));
    expect((await since(before)).open).toBe(1);
    socket.destroy();
    await eventually(async () => expect(await since(before)).toEqual({ open: 0, aborted: 1, measured: { none: 1 } }));
    // Nobody is there any more for the answer, which comes all the same.
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await since(before)).toEqual({ open: 0, aborted: 1, measured: { none: 1 } });
  });

  it('end as aborted too where they waited behind another on their connection', async () => {
    const before = await figures();
    const socket = send([requestTo('/slow', '{"a":1}'), ...Array.from({ length: 12 }, () => requestTo('/quick'))].join(''));
    await eventually(async () => expect((await since(before)).open).toBe(13));
    socket.destroy();
    await eventually(async () => expect(await since(before)).toMatchObject({ open: 0, aborted: 13 }));
    answer();
  });

  it('end once each where they had to wait, and were answered', async () => {
    const before = await figures();
    const socket = send([requestTo('/slow'), ...Array.from({ length: 12 }, () => requestTo('/quick'))].join(''));
    await eventually(async () => expect((await since(before)).open).toBe(13));
    answer();
    await eventually(async () => expect(await since(before)).toEqual({ open: 0, aborted: 0, measured: { 200: 13 } }));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await since(before)).toEqual({ open: 0, aborted: 0, measured: { 200: 13 } });
  });
});
