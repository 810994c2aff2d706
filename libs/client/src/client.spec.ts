import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKey, clientCredentials, createClient, engagementKey, isRollcallError } from './index.js';
import { failureOf } from './spec-support/failure-of.js';
import { broken, json, ok, TestServer, type Reply } from './spec-support/test-server.js';

const server = new TestServer();
const other = new TestServer();
beforeAll(() => Promise.all([server.start(), other.start()]));
afterAll(() => [server, other].forEach((one) => one.stop()));
beforeEach(() => [server, other].forEach((one) => one.next()));

const silent: Reply = () => undefined;
const engagement = (options = {}) => createClient({ url: server.url, auth: engagementKey({ key: 'key', secret: 'secret' }), retry: { delay: 1 }, ...options });
const admin = (options = {}) => createClient({ url: server.url, auth: apiKey('rc_key'), project: 'demo', retry: { delay: 1 }, ...options });
const event = { path: { uid: 'ada' }, body: { event: 'Paid' } };

describe('a call', () => {
  it('sends its parts where they belong, and gives the body of the answer', async () => {
    server.replies = [json(200, { result: 3 }), json(200, { uid: 'a/b' }, { 'x-request-id': 'request-1' }), json(204, undefined)];
    expect(await admin().request('GET /{project}/users/count', { query: { search: 'a&b', 'filter[attributes.plan][eq]': 'pro' } })).toEqual({ result: 3 });
    const answer = await engagement({ url: `${server.url}/` }).requestWithResponse('GET /v1/users/{uid}', { path: { uid: 'a/b@c' } });
    expect([answer.data.uid, answer.status, answer.requestId]).toEqual(['a/b', 200, 'request-1']);
    expect(await admin().request('DELETE /{project}/users/{id}', { path: { project: 'other', id: '1' } })).toBeUndefined();
    expect(server.seen.map(({ call }) => call)).toEqual(['GET /demo/users/count?search=a%26b&filter%5Battributes.plan%5D%5Beq%5D=pro', 'GET /v1/users/a%2Fb%40c', 'DELETE /other/users/1']);
    expect([server.seen[0]!.headers['x-api-key'], server.seen[1]!.headers.authorization]).toEqual(['rc_key', `Basic ${btoa('key:secret')}`]);
  });

  it('is refused before it is sent when a part of its path is missing or would lead elsewhere', async () => {
    const client = createClient({ url: server.url, auth: apiKey('rc_key') });
    await expect(client.request('GET /{project}/users/count')).rejects.toThrow('GET /{project}/users/count needs project in its path.');
    await expect(engagement().request('GET /v1/users/{uid}', { path: { uid: '..' } })).rejects.toThrow('uid can\'t be ".."');
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['environment', { error: { code: 'user-not-found', message: 'No.', details: [{ path: 'users[0]', message: 'is unknown' }], request_id: 'r' } }, 'user-not-found', 'r'],
    ['engagement', { error: 'No.', details: [{ path: 'users[0]', message: 'is unknown' }] }, 'not-found', undefined],
    ['project and admin', { type: '/docs/errors/user-not-found', title: 'Not Found', status: 404, detail: 'No.', code: 'user-not-found', errors: [{ path: 'users[0]', message: 'is unknown' }], request_id: 'r' }, 'user-not-found', 'r'],
  ])('that is refused throws the same error whichever surface refused: %s', async (_surface, body, code, requestId) => {
    server.replies = [json(404, body)];
    const error = await failureOf(admin().request('GET /{project}/users/{id}', { path: { id: '1' } }));
    expect(error).toMatchObject({ name: 'RollcallError', status: 404, code, message: 'No.', requestId, details: [{ path: 'users[0]', message: 'is unknown' }], endpoint: 'GET /{project}/users/{id}', body });
    expect(isRollcallError(error, 'user-erased')).toBe(false);
  });

  it('that is answered by something that is not Rollcall throws that error too', async () => {
    server.replies = [(response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Blocked</h1>')];
    expect(await failureOf(engagement().request('GET /v1/users'))).toMatchObject({ status: 403, code: 'permission-missing', body: '<h1>Blocked</h1>' });
    server.replies = [(response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{')];
    expect(await failureOf(engagement().request('GET /v1/users'))).toMatchObject({ status: 0, code: 'answer-unreadable' });
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('is not followed, so that no secret goes to another origin, and not tried again: %i', async (status) => {
    other.replies = [ok];
    server.replies = [(response) => void response.writeHead(status, { location: `${other.url}/moved?token=secret` }).end('moved')];
    const calls = [
      () => admin().request('GET /{project}/users/count'),
      () => createClient({ url: server.url, auth: clientCredentials({ clientId: 'id', clientSecret: 'secret' }) }).request('GET /users'),
      () => engagement().request('POST /v1/users/{uid}/events', event),
    ];
    for (const call of calls) {
      const error = await failureOf(call());
      expect(error).toMatchObject({ status, code: 'redirected', message: expect.stringContaining(`a redirect to ${other.url}/moved, which is not followed: give the URL`) });
      expect(error.message).not.toContain('?token');
    }
    expect(other.seen).toEqual([]);
    expect(server.seen).toHaveLength(calls.length);
  });

  it('is said to be one in a page too, where its answer is hidden', async () => {
    const asked: RequestInit[] = [];
    // As browsers answer a redirect that is not followed (Fetch, "opaque-redirect filtered response").
    const hidden = Object.defineProperties(new Response(null), { type: { value: 'opaqueredirect' }, status: { value: 0 }, ok: { value: false } });
    const error = await failureOf(admin({ fetch: (_url: string, init: RequestInit) => Promise.resolve((asked.push(init), hidden)) }).request('GET /{project}/users/count'));
    expect(error).toMatchObject({ status: 0, code: 'redirected', message: expect.stringContaining('a redirect elsewhere') });
    expect(asked.map(({ redirect }) => redirect)).toEqual(['manual']);
  });
});

describe('repetition', () => {
  it('goes on through broken connections and a busy server, with the same key and body', async () => {
    server.replies = [broken, json(503, { error: 'Later.' }), json(429, { error: 'Later.' }, { 'retry-after': '0' }), ok];
    expect(await engagement().request('POST /v1/users/{uid}/events', event)).toEqual({ status: 'ok' });
    expect(server.seen).toHaveLength(4);
    expect(new Set(server.seen.map(({ body }) => body)).size).toBe(1);
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(server.seen[0]!.headers['idempotency-key']).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('makes another key for another call, and takes the one it is given', async () => {
    server.replies = [ok];
    await engagement().request('POST /v1/users/{uid}/events', event);
    await engagement().request('POST /v1/users/{uid}/events', event);
    await engagement().request('POST /v1/users/{uid}/events', { ...event, idempotencyKey: 'order-17' });
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect([new Set(keys).size, keys[2]]).toEqual([3, 'order-17']);
  });

  it('is none for a POST that would do it again, for what is refused for good, and where it is not wanted', async () => {
    const calls = [
      () => admin().request('POST /v1/admin/projects/{project_id}/api-keys', { path: { project_id: '1' }, body: { name: 'x', role: 'viewer' } }),
      () => engagement().request('GET /v1/users', { retry: false }),
      () => engagement({ retry: false }).request('GET /v1/users'),
    ];
    for (const call of calls) {
      server.replies = [json(503, { error: 'Later.' }), ok];
      expect((await failureOf(call())).status).toBe(503);
    }
    server.replies = [json(422, { error: 'Never.' }), ok];
    expect((await failureOf(engagement().request('GET /v1/users'))).status).toBe(422);
    expect(server.seen).toHaveLength(4);
  });

  it('ends with the last of its tries, and does not wait longer than it may', async () => {
    server.replies = [json(503, { error: 'Later.' })];
    expect((await failureOf(engagement().request('GET /v1/users'))).status).toBe(503);
    expect(server.seen).toHaveLength(4);
    server.replies = [json(429, { error: 'Later.' }, { 'retry-after': '3600' })];
    expect(await failureOf(engagement().request('GET /v1/users'))).toMatchObject({ status: 429, retryAfter: 3_600 });
    expect(server.seen).toHaveLength(5);
  });

  it('comes when a try takes too long, and says so in the end', async () => {
    server.replies = [silent];
    expect(await failureOf(engagement({ timeout: 20, retry: { attempts: 2, delay: 1 } }).request('GET /v1/users'))).toMatchObject({ status: 0, code: 'timeout' });
    expect(server.seen).toHaveLength(2);
  });

  it('waits for a twin that is being carried out, and takes no other conflict for one', async () => {
    server.replies = [json(409, { error: 'In use.' }, { 'retry-after': '0' }), ok];
    expect(await engagement().request('POST /v1/users/{uid}/events', event)).toEqual({ status: 'ok' });
    server.replies = [json(409, { error: 'Taken.' }), ok];
    expect((await failureOf(engagement().request('POST /v1/users/{uid}/events', event))).status).toBe(409);
  });

  it('ends at once, with the caller\'s own reason, when the call is aborted', async () => {
    for (const reply of [silent, json(503, {}, { 'retry-after': '20' })]) {
      server.replies = [reply];
      const controller = new AbortController();
      const call = engagement().request('GET /v1/users', { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('The page was left')), 20);
      await expect(call).rejects.toThrow('The page was left');
    }
    await expect(engagement().request('GET /v1/users', { signal: AbortSignal.abort(new Error('Before')) })).rejects.toThrow('Before');
  });
});

describe('lists', () => {
  const collect = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
    const all: T[] = [];
    for await (const one of list) all.push(one);
    return all;
  };

  it('go on over all pages, however the surface leads to the next', async () => {
    server.replies = [json(200, { data: { users: [{ id: 'a' }] }, cursor: 'c1' }), json(200, { data: { users: [{ id: 'b' }] }, cursor: null })];
    expect((await collect(createClient({ url: server.url }).paginate('GET /users', { query: { limit: 1 } }))).map(({ id }) => id)).toEqual(['a', 'b']);
    server.replies = [json(200, { data: [{ uid: 'a' }], next_cursor: 'c2' }), json(200, { data: [], previous_cursor: 'c1' })];
    expect((await collect(engagement().paginate('GET /v1/users'))).map(({ uid }) => uid)).toEqual(['a']);
    server.replies = [json(200, { data: [{ id: 'e1' }], next_cursor: 'c3' }), json(200, { data: [{ id: 'e2' }] })];
    expect((await collect(engagement().paginate('GET /v1/users/{uid}/events', { path: { uid: 'ada' } }))).map(({ id }) => id)).toEqual(['e1', 'e2']);
    server.replies = [json(200, { data: [{ id: '1' }], metadata: { currentPage: 1, hasNextPage: true } }), json(200, { data: [{ id: '2' }], metadata: { currentPage: 2, hasNextPage: false } })];
    expect((await collect(admin().paginate('GET /{project}/users'))).map(({ id }) => id)).toEqual(['1', '2']);
    server.replies = [json(200, { orgs: [{ org_id: '1' }], next_cursor: 'c4', page_size: 1 }), json(200, { orgs: [{ org_id: '2' }], next_cursor: null, page_size: 1 })];
    expect((await collect(admin().paginate('GET /v1/admin/orgs'))).map(({ org_id }) => org_id)).toEqual(['1', '2']);
    server.replies = [json(200, { events: [{ id: '1' }], next_after: '7', has_more: true }), json(200, { events: [], next_after: '8', has_more: false })];
    expect((await collect(admin().paginate('GET /v1/admin/projects/{project_id}/events-feed', { path: { project_id: '1' } }))).map(({ id }) => id)).toEqual(['1']);
    expect(server.seen.filter((_, index) => index % 2 === 1).map(({ call }) => call.split('?')[1])).toEqual(['limit=1&cursor=c1', 'next_cursor=c2', 'cursor=c3', 'page=2', 'cursor=c4', 'after=7']);
  });

  it('load no page before it is needed, and give whole pages too', async () => {
    server.replies = [json(200, { data: [{ uid: 'a' }, { uid: 'b' }], next_cursor: 'c' })];
    for await (const { uid } of engagement().paginate('GET /v1/users')) if (uid === 'b') break;
    expect(server.seen).toHaveLength(1);
    for await (const page of engagement().paginate('GET /v1/users').pages()) {
      expect([page.data.length, page.next_cursor]).toEqual([2, 'c']);
      break;
    }
  });

  it('in NDJSON are read as they come, wherever the network cuts them', async () => {
    const whole = Buffer.from('{"name":"Zoë"}\n{"n":2}\n\n{"n":3}');
    server.replies = [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        for (let at = 0; at < whole.length; at += 5) response.write(whole.subarray(at, at + 5));
        response.end();
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{"n":1}\n{"n"');
        setTimeout(() => response.destroy(), 20);
      },
    ];
    expect(await collect(admin().stream('GET /v1/admin/audit/export'))).toEqual([{ name: 'Zoë' }, { n: 2 }, { n: 3 }]);
    const lines: unknown[] = [];
    const error = await failureOf((async () => {
      for await (const line of admin().stream('GET /v1/admin/audit/export')) lines.push(line);
    })());
    expect([error.code, lines]).toEqual(['network-error', [{ n: 1 }]]);
  });
});
