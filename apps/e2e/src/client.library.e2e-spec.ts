import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiKey, clientCredentials, createClient, engagementKey, isRollcallError, staffSession, userSession, type Fetch } from '#libs/client';
import { keyAndSecret, platform, projectSlug, unique } from './platform-under-test.js';

const [key, secret] = keyAndSecret;
const engagement = createClient({ url: platform.url, auth: engagementKey({ key, secret }) });
const project = createClient({ url: platform.url, auth: apiKey(platform.demo.apiKey), project: projectSlug });

/** What a network does to the next requests: carries them out and loses the answer, or answers for a server that is busy. */
type Mishap = 'answer lost' | 'busy';
const mishaps: Mishap[] = [];
let proxy: Server;

/** Between the client and the platform: a real connection, really broken. */
beforeAll(async () => {
  proxy = createServer((incoming, outgoing) => {
    const mishap = mishaps.shift();
    if (mishap === 'busy') {
      outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '0' }).end('{"error":"Busy."}');
      return;
    }
    const onward = httpRequest(`${platform.url}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (mishap === 'answer lost') {
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  proxy.closeAllConnections();
  proxy.close();
});

const throughProxy = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

describe('the client library', () => {
  it('carries a call out once, though its answers are lost and the server is busy in between', async () => {
    const client = createClient({ url: throughProxy(), auth: engagementKey({ key, secret }), retry: { delay: 5 } });
    const uid = unique('client-retry');
    await client.request('POST /v1/users', { body: { id: uid } });
    mishaps.push('answer lost', 'busy', 'answer lost');
    expect(await client.request('POST /v1/users/{uid}/events', { path: { uid }, body: { event: 'Paid', value: 3 } })).toEqual({ status: 'ok' });
    expect(mishaps).toEqual([]);
    const events = await all(client.paginate('GET /v1/users/{uid}/events', { path: { uid } }));
    expect(events.map(({ event, value }) => [event, value])).toEqual([['Paid', 3]]);

    const email = `${uid}@example.com`;
    const staff = createClient({ url: throughProxy(), project: projectSlug, auth: apiKey(platform.demo.apiKey), retry: { delay: 5 } });
    mishaps.push('answer lost', 'busy');
    const { result } = await staff.request('POST /{project}/users/register', { body: { username: uid, email, password: randomUUID() } });
    expect((await staff.request('GET /{project}/users/{id}', { path: { id: result } })).email).toBe(email);
  });

  it('refreshes a session once for twenty calls at once, also where the answer of the refresh is lost, and ends it', async () => {
    const username = unique('client-session');
    const password = randomUUID();
    await project.request('POST /{project}/users/register', { body: { username, password, roles: ['viewer'] } });
    const refreshes: string[] = [];
    const counted: Fetch = async (url, init) => {
      if (url.endsWith('/refresh')) refreshes.push(url);
      return fetch(url, init);
    };
    const client = createClient({ url: throughProxy(), project: projectSlug, auth: userSession(), fetch: counted, retry: { delay: 5 } });
    const login = await client.auth.login({ username, password });
    if ('next_step' in login) throw new Error('a next step was not expected');

    // As a client that slept: what it holds has ended.
    const asleep = createClient({ url: throughProxy(), project: projectSlug, auth: userSession({ tokens: { ...client.auth.tokens!, expiresAt: 0 } }), fetch: counted, retry: { delay: 5 } });
    mishaps.push('answer lost');
    const answers = await Promise.all(Array.from({ length: 20 }, () => asleep.request('GET /{project}/users/{id}', { path: { id: login.id } })));
    expect([new Set(answers.map(({ username: name }) => name)), refreshes.length]).toEqual([new Set([username]), 2]);

    await asleep.auth.logout();
    const spent = createClient({ url: platform.url, project: projectSlug, auth: userSession({ tokens: { ...client.auth.tokens!, expiresAt: 0 } }) });
    const error = await spent.request('GET /v1/auth/me').catch((reason: unknown) => reason);
    expect([isRollcallError(error, 'refresh-token-invalid'), spent.auth.tokens]).toEqual([true, undefined]);
  });

  it('lists over pages on every surface, and tells refusals alike', async () => {
    const names = [1, 2, 3].map(() => unique('client-list'));
    const environment = createClient({ url: platform.url, auth: clientCredentials({ clientId: platform.demo.environment.events.client_id, clientSecret: platform.demo.environment.events.client_secret }) });
    await environment.request('POST /users', { body: { users: names.map((id) => ({ id, profile: { email: `${id}@example.com`, city: 'Malmö' } })) } });

    const newest = async <T>(list: AsyncIterable<T>, name: (one: T) => string | null): Promise<(string | null)[]> => {
      const found: (string | null)[] = [];
      for await (const one of list) {
        if (names.includes(name(one) ?? '')) found.push(name(one));
        if (found.length === names.length) break;
      }
      return found.sort();
    };
    const expected = [...names].sort();
    expect(await newest(environment.paginate('GET /users', { query: { limit: 2 } }), ({ id }) => id)).toEqual(expected);
    expect(await newest(engagement.paginate('GET /v1/users', { query: { limit: 2 } }), ({ uid }) => uid)).toEqual(expected);
    const listed = await all(project.paginate('GET /{project}/users', { query: { size: 1, 'filter[email][any]': names.map((name) => `${name}@example.com`).join(',') } }));
    expect(listed).toHaveLength(3);
    const staff = createClient({ url: platform.url, auth: staffSession() });
    const { email, password } = platform.demo.admin;
    await staff.auth.login({ email, password });
    const keys = await all(staff.paginate('GET /v1/admin/projects/{project_id}/api-clients', { path: { project_id: platform.demo.project.id }, query: { page_size: 1 } }));
    expect(new Set(keys.map(({ client_id }) => client_id)).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(1);
    const exported = await all(staff.stream('GET /v1/admin/users/{user_id}/export', { path: { user_id: listed[0]!.id }, query: { project_id: platform.demo.project.id } }));
    expect(JSON.stringify(exported)).toContain('Malmö');

    const refusals = await Promise.all([
      environment.request('GET /users', { query: { segmentId: 'none' } }),
      engagement.request('GET /v1/users/{uid}', { path: { uid: unique('client-nobody') } }),
      project.request('GET /{project}/users/{id}', { path: { id: randomUUID() } }),
      staff.request('GET /v1/admin/users/{user_id}', { path: { user_id: randomUUID() } }),
    ].map((call: Promise<unknown>) => call.then(() => undefined, (error: unknown) => (isRollcallError(error) ? [error.status, error.code, error.requestId !== undefined, error.message.length > 10] : error))));
    expect(refusals).toEqual([[404, 'segment-not-found', true, true], [404, 'not-found', true, true], [404, 'user-not-found', true, true], [404, 'user-not-found', true, true]]);
  });
});
