import { randomBytes } from 'node:crypto';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, TestTraceCollector, type CollectedSpan } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, platform, projectSlug, running, unique } from './platform-under-test.js';

const overTheBus = platform.topology === 'services';
const part = (name: string) => (overTheBus ? `rollcall-${name}` : 'rollcall-all');

let collector: TestTraceCollector;

beforeAll(async () => {
  collector = await TestTraceCollector.start(platform.tracePort);
});
afterAll(() => collector.stop());

/** A trace of a caller's: the platform itself begins none, but goes on with those that are kept. */
function callersTrace(flags = '01') {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } };
}

/** Waits until spans of these names are there. */
async function collected(traceId: string, ...names: string[]): Promise<CollectedSpan[]> {
  return eventually(() => {
    const spans = collector.of(traceId);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    return spans;
  }, 90_000);
}

/** From a span to the one that the caller sent. */
function pathTo(spans: readonly CollectedSpan[], name: string): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const path: string[] = [];
  for (let span = spans.find((one) => one.name === name); span !== undefined; span = byId.get(span.parentSpanId ?? '')) path.unshift(`${span.service} ${span.name}`);
  return path;
}

describe('a trace', () => {
  it('goes from the request through messages and statements to events and their consumers', async () => {
    const { traceId, spanId, headers } = callersTrace();
    const id = unique('traced');
    await api.post('/v1/users', { basic: keyAndSecret, headers: { ...headers, 'x-request-id': id }, body: { id, email: `${id}@example.com` } });
    const insert = 'users.insert, users.spent_names'; // which go together
    const spans = await collected(traceId, 'POST /v1/users', 'COMMIT', insert, 'feed profiles.user.changed');
    const [first] = spans.filter(({ parentSpanId }) => parentSpanId === spanId);
    expect(first).toMatchObject({ name: 'POST /v1/users', kind: 2, service: part('gateway'), attributes: { 'http.route': '/v1/users', 'http.response.status_code': 200, 'rollcall.surface': 'engagement', 'rollcall.request_id': id } });
    const messages = overTheBus ? [`${part('gateway')} profiles.user.upsert`, `${part('profiles')} profiles.user.upsert`] : [`${part('profiles')} profiles.user.upsert`];
    const way = [`${part('gateway')} POST /v1/users`, ...messages, `${part('profiles')} group`, `${part('profiles')} transaction`];
    expect(pathTo(spans, insert)).toEqual([...way, `${part('profiles')} ${insert}`]);
    const consumer = pathTo(spans, 'feed profiles.user.changed');
    expect([consumer[0], consumer.at(-1)]).toEqual([way[0], `${part('workers')} feed profiles.user.changed`]);
    expect(spans.filter(({ failed }) => failed)).toEqual([]);
    // Nothing hangs in the air: each span's parent is one of them, or the caller's.
    const known = new Set([spanId, ...spans.map((span) => span.spanId)]);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined || !known.has(parentSpanId))).toEqual([]);
  });

  it('ends also where the client went away in the middle of its request', async () => {
    const { traceId, headers } = callersTrace();
    const sending = request(`${platform.url}/v1/auth/login`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json', 'content-length': 1_000 } });
    sending.on('error', () => undefined).write('{');
    setTimeout(() => sending.destroy(), 200);
    const [span] = await collected(traceId, 'POST /v1/auth/login');
    expect(span).toMatchObject({ attributes: { 'http.route': '/v1/auth/login', 'rollcall.aborted': true }, failed: false });
  });

  it('goes on in the jobs that a request leads to', async () => {
    const id = unique('traced');
    await api.post('/v1/users', { basic: keyAndSecret, body: { id } });
    const { traceId, headers } = callersTrace();
    expect((await api.delete(`/v1/users/${id}`, { basic: keyAndSecret, headers })).status).toBe(200);
    const spans = await collected(traceId, 'DELETE /v1/users/:uid', 'run erase-part', 'run erase-users', 'receipts.last');
    const jobs = spans.filter(({ name }) => name.startsWith('run '));
    expect(new Set(jobs.map(({ service, kind }) => `${service} ${kind}`))).toEqual(new Set([`${part('workers')} 5`]));
    expect(pathTo(spans, 'receipts.last')[0]).toBe(`${part('gateway')} DELETE /v1/users/:uid`);
  });

  it('goes on to the webhooks that tell of it, and readers of the feed see which it was', async () => {
    const taken: { headers: IncomingHttpHeaders; event: { subject: string; traceparent?: string } }[] = [];
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        taken.push({ headers: request.headers, event: JSON.parse(Buffer.concat(chunks).toString()) as never });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(platform.webhookPort, '127.0.0.1', resolve));
    const admin = { 'x-api-key': platform.demo.superAdmin.apiKey };
    const place = `/v1/admin/projects/${platform.demo.project.id}`;
    const hook = await api.post(`${place}/webhooks`, { headers: admin, body: { url: `http://127.0.0.1:${platform.webhookPort}/`, types: ['rollcall.user.created'] } });
    try {
      const { next_after } = (await api.get(`${place}/events-feed?after=latest`, { headers: admin })).body as { next_after: string };
      const { traceId, headers } = callersTrace();
      const { body } = await api.post('/v1/users', { basic: keyAndSecret, headers, body: { id: unique('traced') } });
      const spans = await collected(traceId, 'POST /v1/users', 'send webhook');
      const sending = spans.find(({ name }) => name === 'send webhook');
      const [told] = await eventually(() => {
        const found = taken.filter(({ event }) => event.subject === body.id);
        expect(found).toHaveLength(1);
        return found;
      });
      // The event says where it happened, and the request that brings it goes on from there.
      expect([told?.event.traceparent, told?.headers['traceparent']]).toEqual([`00-${traceId}-${sending?.parentSpanId}-01`, `00-${traceId}-${sending?.spanId}-01`]);
      const path = pathTo(spans, 'send webhook');
      expect([path[0], path.at(-2), path.at(-1)]).toEqual([`${part('gateway')} POST /v1/users`, `${part('profiles')} profiles.user.upsert`, `${part('workers')} send webhook`]);
      const page = await api.get(`${place}/events-feed?after=${next_after}`, { headers: admin });
      expect((page.body.events as { subject: string; traceparent?: string }[]).filter(({ subject }) => subject === body.id)).toMatchObject([{ traceparent: told?.event.traceparent }]);
    } finally {
      await api.delete(`${place}/webhooks/${String(hook.body.webhook_id)}`, { headers: admin });
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  });

  it('stays its own, whatever is asked at the same time and travels together', async () => {
    const traces = Array.from({ length: 24 }, (_, place) => ({ ...callersTrace(place % 4 === 0 ? '00' : '01'), id: unique('together') }));
    await Promise.all(traces.map(({ headers, id }) => api.post('/v1/users', { basic: keyAndSecret, headers, body: { id } })));
    const answers = await Promise.all(traces.map(({ headers, id }) => api.get(`/v1/users/${id}`, { basic: keyAndSecret, headers })));
    expect(answers.map(({ status }) => status)).toEqual(traces.map(() => 200));
    for (const { traceId, spanId } of traces.filter((_, place) => place % 4 !== 0)) {
      const spans = await collected(traceId, 'POST /v1/users', 'GET /v1/users/:uid', 'profiles.user.get');
      expect(spans.filter(({ parentSpanId }) => parentSpanId === spanId).map(({ name }) => name).sort()).toEqual(['GET /v1/users/:uid', 'POST /v1/users']);
      for (const [message, route] of [['profiles.user.upsert', 'POST /v1/users'], ['profiles.user.get', 'GET /v1/users/:uid']] as const) {
        expect(spans.filter(({ name }) => name === message)).toHaveLength(overTheBus ? 2 : 1);
        expect(pathTo(spans, message)[0]).toBe(`${part('gateway')} ${route}`);
      }
    }
    // Those of which their callers keep nothing are not kept here either.
    for (const { traceId } of traces.filter((_, place) => place % 4 === 0)) expect(collector.of(traceId)).toEqual([]);
  });

  it('tells of failures by their codes, and of what a client sent nothing; nor do logs and figures, whatever is wrong with it', async () => {
    const canary = unique('canary');
    const { traceId, headers } = callersTrace();
    const mail = `${canary}@example.com`;
    const bearer = await environmentToken();
    const admin = { 'x-api-key': platform.demo.apiKey, ...headers };
    const logIn = { headers, body: { email: mail, password: `${canary}-password` } };
    const made = { basic: keyAndSecret, headers: { ...headers, tracestate: `vendor=${canary}`, baggage: `user=${canary}` } };
    const sent = [
      // A: a person who can be kept, one who can't, an event that is none.
      () => api.post('/users', { bearer, headers, body: { data: [{ id: canary, profile: { email: mail, first_name: canary } }, { id: `${canary} ${canary}`, [canary]: canary }] } }),
      () => api.put('/delete-users', { bearer, headers, body: { data: [{ [canary]: canary }] } }),
      // B: mistakes of each kind, then a user, and the same address again.
      () => api.post(`/v1/users?${canary}=1`, { ...made, body: { id: canary, email: canary, [canary]: { [canary]: 1 } } }),
      () => api.put(`/v1/users/${canary}`, { ...made, body: { email: mail, first_name: canary, attributes: { plan: canary } } }),
      () => api.post('/v1/users', { ...made, body: { id: `${canary}-2`, email: mail } }),
      () => api.post(`/v1/users/${canary}/events`, { ...made, body: { event: canary, properties: { [canary]: canary } } }),
      () => api.get(`/v1/users/${canary}-unknown`, made),
      () => api.get('/v1/users', { basic: [canary, canary], headers }),
      // C: somebody who logs in, registers and is looked for.
      () => api.post(`/${projectSlug}/users/login`, { headers, body: { username: canary, password: canary } }),
      () => api.post(`/${projectSlug}/users/register`, { headers: admin, body: { username: canary, email: mail, password: 'short', firstName: canary } }),
      () => api.get(`/${projectSlug}/users?search=${canary}&${canary}=1`, { headers: admin }),
      // D: the same of staff, and invitations.
      () => api.post('/v1/auth/login', logIn),
      () => api.post('/v1/auth/forgot-password', { headers, body: { email: mail } }),
      () => api.post('/v1/admin/users/invite', { headers: admin, body: { email: mail, role: canary } }),
      () => api.post('/v1/admin/users/invite', { headers: admin, body: { email: `${canary} at example`, role: 'member' } }),
      () => api.post('/v1/auth/refresh', { headers, body: { refresh_token: canary } }),
      () => api.get(`/${canary}/nothing`, { headers }),
      () => fetch(`${platform.url}/${canary}`, { method: 'PROPFIND', headers }),
    ];
    const statuses: number[] = [];
    for (const send of sent) statuses.push((await send()).status);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(statuses.filter((status) => status >= 400).length).toBeGreaterThan(9);
    const spans = await collected(traceId, 'POST /v1/auth/login', 'POST /v1/users', 'no route', 'PUT /v1/users/:uid', 'hash password', 'feed profiles.user.changed');
    expect(spans.filter(({ name }) => name === 'identity.login.log-in')[0]).toMatchObject({ attributes: { 'error.type': 'invalid-credentials' }, failed: false });
    expect(collector.bodies.join()).not.toContain(canary);
    const log = await running.readLog();
    expect(log).not.toBe('');
    expect(log).not.toContain(canary);
    const figures = await running.readMetrics();
    expect(figures.map(({ process, text }) => [process, text.includes('process_resident_memory_bytes')])).toEqual(running.parts().map((process) => [process, true]));
    expect(figures.filter(({ text }) => text.includes(canary))).toEqual([]);
  });
});
