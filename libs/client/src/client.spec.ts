import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKey, clientCredentials, createClient, endUserToken, engagementKey, isRollcallError, staffSession, userSession, type RollcallError, type SessionTokens } from './index.js';

interface Seen {
  call: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Reply = (response: ServerResponse, seen: Seen) => void;

/** What comes to the server, and what it does about it: one reply after the other, the last one for ever. */
let seen: Seen[] = [];
let replies: Reply[] = [];
let server: Server;
let url: string;
/** Counts tests: what one of them has left on its way gets no reply of the next one's. */
let test = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const mine = `/${test}/`;
      if (request.url?.startsWith(mine) !== true) return void response.destroy();
      const one = { call: `${request.method} ${request.url.slice(mine.length - 1)}`, headers: request.headers, body };
      seen.push(one);
      (replies.length > 1 ? replies.shift()! : replies[0]!)(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  test += 1;
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${test}`;
  seen = [];
});

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => (response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
const broken: Reply = (response) => void response.destroy();
const silent: Reply = () => undefined;
const ok = json(200, { status: 'ok' });
const engagement = (options = {}) => createClient({ url, auth: engagementKey({ key: 'key', secret: 'secret' }), retry: { delay: 1 }, ...options });
const admin = (options = {}) => createClient({ url, auth: apiKey('rc_key'), project: 'demo', retry: { delay: 1 }, ...options });
const event = { path: { uid: 'ada' }, body: { event: 'Paid' } };

async function failureOf(call: Promise<unknown>): Promise<RollcallError> {
  const error = await call.then(() => undefined, (reason: unknown) => reason);
  if (!isRollcallError(error)) throw new Error(`expected a RollcallError, got ${String(error)}`);
  return error;
}

/** A token as the server signs them, good for so many seconds. */
function token(seconds: number, name: string): string {
  const now = Math.floor(Date.now() / 1_000);
  return `${btoa('{}')}.${Buffer.from(JSON.stringify({ iat: now, exp: now + seconds, name })).toString('base64url')}.signature`;
}

describe('a call', () => {
  it('sends its parts where they belong, and gives the body of the answer', async () => {
    replies = [json(200, { result: 3 }), json(200, { uid: 'a/b' }, { 'x-request-id': 'request-1' }), json(204, undefined)];
    expect(await admin().request('GET /{project}/users/count', { query: { search: 'a&b', 'filter[attributes.plan][eq]': 'pro' } })).toEqual({ result: 3 });
    const answer = await engagement({ url: `${url}/` }).requestWithResponse('GET /v1/users/{uid}', { path: { uid: 'a/b@c' } });
    expect([answer.data.uid, answer.status, answer.requestId]).toEqual(['a/b', 200, 'request-1']);
    expect(await admin().request('DELETE /{project}/users/{id}', { path: { project: 'other', id: '1' } })).toBeUndefined();
    expect(seen.map(({ call }) => call)).toEqual(['GET /demo/users/count?search=a%26b&filter%5Battributes.plan%5D%5Beq%5D=pro', 'GET /v1/users/a%2Fb%40c', 'DELETE /other/users/1']);
    expect([seen[0]!.headers['x-api-key'], seen[1]!.headers.authorization]).toEqual(['rc_key', `Basic ${btoa('key:secret')}`]);
  });

  it('is refused before it is sent when a part of its path is missing or would lead elsewhere', async () => {
    const client = createClient({ url, auth: apiKey('rc_key') });
    await expect(client.request('GET /{project}/users/count')).rejects.toThrow('GET /{project}/users/count needs project in its path.');
    await expect(engagement().request('GET /v1/users/{uid}', { path: { uid: '..' } })).rejects.toThrow('uid can\'t be ".."');
    expect(seen).toEqual([]);
  });

  it.each([
    ['environment', { error: { code: 'user-not-found', message: 'No.', details: [{ path: 'users[0]', message: 'is unknown' }], request_id: 'r' } }, 'user-not-found', 'r'],
    ['engagement', { error: 'No.', details: [{ path: 'users[0]', message: 'is unknown' }] }, 'not-found', undefined],
    ['project and admin', { type: '/docs/errors/user-not-found', title: 'Not Found', status: 404, detail: 'No.', code: 'user-not-found', errors: [{ path: 'users[0]', message: 'is unknown' }], request_id: 'r' }, 'user-not-found', 'r'],
  ])('that is refused throws the same error whichever surface refused: %s', async (_surface, body, code, requestId) => {
    replies = [json(404, body)];
    const error = await failureOf(admin().request('GET /{project}/users/{id}', { path: { id: '1' } }));
    expect(error).toMatchObject({ name: 'RollcallError', status: 404, code, message: 'No.', requestId, details: [{ path: 'users[0]', message: 'is unknown' }], endpoint: 'GET /{project}/users/{id}', body });
    expect(isRollcallError(error, 'user-erased')).toBe(false);
  });

  it('that is answered by something that is not Rollcall throws that error too', async () => {
    replies = [(response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Blocked</h1>')];
    expect(await failureOf(engagement().request('GET /v1/users'))).toMatchObject({ status: 403, code: 'permission-missing', body: '<h1>Blocked</h1>' });
    replies = [(response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{')];
    expect(await failureOf(engagement().request('GET /v1/users'))).toMatchObject({ status: 0, code: 'answer-unreadable' });
  });
});

describe('repetition', () => {
  it('goes on through broken connections and a busy server, with the same key and body', async () => {
    replies = [broken, json(503, { error: 'Later.' }), json(429, { error: 'Later.' }, { 'retry-after': '0' }), ok];
    expect(await engagement().request('POST /v1/users/{uid}/events', event)).toEqual({ status: 'ok' });
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(seen[0]!.headers['idempotency-key']).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  it('makes another key for another call, and takes the one it is given', async () => {
    replies = [ok];
    await engagement().request('POST /v1/users/{uid}/events', event);
    await engagement().request('POST /v1/users/{uid}/events', event);
    await engagement().request('POST /v1/users/{uid}/events', { ...event, idempotencyKey: 'order-17' });
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect([new Set(keys).size, keys[2]]).toEqual([3, 'order-17']);
  });

  it('is none for a POST that would do it again, for what is refused for good, and where it is not wanted', async () => {
    const calls = [
      () => admin().request('POST /v1/admin/projects/{project_id}/api-keys', { path: { project_id: '1' }, body: { name: 'x', role: 'viewer' } }),
      () => engagement().request('GET /v1/users', { retry: false }),
      () => engagement({ retry: false }).request('GET /v1/users'),
    ];
    for (const call of calls) {
      replies = [json(503, { error: 'Later.' }), ok];
      expect((await failureOf(call())).status).toBe(503);
    }
    replies = [json(422, { error: 'Never.' }), ok];
    expect((await failureOf(engagement().request('GET /v1/users'))).status).toBe(422);
    expect(seen).toHaveLength(4);
  });

  it('ends with the last of its tries, and does not wait longer than it may', async () => {
    replies = [json(503, { error: 'Later.' })];
    expect((await failureOf(engagement().request('GET /v1/users'))).status).toBe(503);
    expect(seen).toHaveLength(4);
    replies = [json(429, { error: 'Later.' }, { 'retry-after': '3600' })];
    expect(await failureOf(engagement().request('GET /v1/users'))).toMatchObject({ status: 429, retryAfter: 3_600 });
    expect(seen).toHaveLength(5);
  });

  it('comes when a try takes too long, and says so in the end', async () => {
    replies = [silent];
    expect(await failureOf(engagement({ timeout: 20, retry: { attempts: 2, delay: 1 } }).request('GET /v1/users'))).toMatchObject({ status: 0, code: 'timeout' });
    expect(seen).toHaveLength(2);
  });

  it('waits for a twin that is being carried out, and takes no other conflict for one', async () => {
    replies = [json(409, { error: 'In use.' }, { 'retry-after': '0' }), ok];
    expect(await engagement().request('POST /v1/users/{uid}/events', event)).toEqual({ status: 'ok' });
    replies = [json(409, { error: 'Taken.' }), ok];
    expect((await failureOf(engagement().request('POST /v1/users/{uid}/events', event))).status).toBe(409);
  });

  it('ends at once, with the caller\'s own reason, when the call is aborted', async () => {
    for (const reply of [silent, json(503, {}, { 'retry-after': '20' })]) {
      replies = [reply];
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
    replies = [json(200, { data: { users: [{ id: 'a' }] }, cursor: 'c1' }), json(200, { data: { users: [{ id: 'b' }] }, cursor: null })];
    expect((await collect(createClient({ url }).paginate('GET /users', { query: { limit: 1 } }))).map(({ id }) => id)).toEqual(['a', 'b']);
    replies = [json(200, { data: [{ uid: 'a' }], next_cursor: 'c2' }), json(200, { data: [], previous_cursor: 'c1' })];
    expect((await collect(engagement().paginate('GET /v1/users'))).map(({ uid }) => uid)).toEqual(['a']);
    replies = [json(200, { data: [{ id: 'e1' }], next_cursor: 'c3' }), json(200, { data: [{ id: 'e2' }] })];
    expect((await collect(engagement().paginate('GET /v1/users/{uid}/events', { path: { uid: 'ada' } }))).map(({ id }) => id)).toEqual(['e1', 'e2']);
    replies = [json(200, { data: [{ id: '1' }], metadata: { currentPage: 1, hasNextPage: true } }), json(200, { data: [{ id: '2' }], metadata: { currentPage: 2, hasNextPage: false } })];
    expect((await collect(admin().paginate('GET /{project}/users'))).map(({ id }) => id)).toEqual(['1', '2']);
    replies = [json(200, { orgs: [{ org_id: '1' }], next_cursor: 'c4', page_size: 1 }), json(200, { orgs: [{ org_id: '2' }], next_cursor: null, page_size: 1 })];
    expect((await collect(admin().paginate('GET /v1/admin/orgs'))).map(({ org_id }) => org_id)).toEqual(['1', '2']);
    replies = [json(200, { events: [{ id: '1' }], next_after: '7', has_more: true }), json(200, { events: [], next_after: '8', has_more: false })];
    expect((await collect(admin().paginate('GET /v1/admin/projects/{project_id}/events-feed', { path: { project_id: '1' } }))).map(({ id }) => id)).toEqual(['1']);
    expect(seen.filter((_, index) => index % 2 === 1).map(({ call }) => call.split('?')[1])).toEqual(['limit=1&cursor=c1', 'next_cursor=c2', 'cursor=c3', 'page=2', 'cursor=c4', 'after=7']);
  });

  it('load no page before it is needed, and give whole pages too', async () => {
    replies = [json(200, { data: [{ uid: 'a' }, { uid: 'b' }], next_cursor: 'c' })];
    for await (const { uid } of engagement().paginate('GET /v1/users')) if (uid === 'b') break;
    expect(seen).toHaveLength(1);
    for await (const page of engagement().paginate('GET /v1/users').pages()) {
      expect([page.data.length, page.next_cursor]).toEqual([2, 'c']);
      break;
    }
  });

  it('in NDJSON are read as they come, wherever the network cuts them', async () => {
    const whole = Buffer.from('{"name":"Zoë"}\n{"n":2}\n\n{"n":3}');
    replies = [
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

describe('sessions', () => {
  const tokens = (name: string, seconds = 600) => ({ access_token: `access-${name}`, token_type: 'Bearer', expires_in: seconds, refresh_token: `refresh-${name}` });
  /** Lets only the newest access token in. */
  const guard = (valid: () => string): Reply => (response, one) => (one.headers.authorization === `Bearer ${valid()}` ? json(200, { user_id: 'me' }) : json(401, { code: 'token-invalid', detail: 'No.' }))(response, one);

  function staff(options: { tokens?: SessionTokens; kept?: (SessionTokens | undefined)[] } = {}) {
    return createClient({ url, auth: staffSession({ tokens: options.tokens, onTokens: (changed) => void options.kept?.push(changed) }), retry: { delay: 1 } });
  }

  it('refresh once for all calls that find their token refused', async () => {
    let valid = 'access-2';
    let refreshes = 0;
    replies = [(response, one) => {
      if (one.call !== 'POST /v1/auth/refresh') return guard(() => valid)(response, one);
      refreshes += 1;
      valid = `access-${refreshes + 1}`;
      setTimeout(() => json(200, tokens(String(refreshes + 1)))(response, one), 20);
    }];
    const kept: (SessionTokens | undefined)[] = [];
    const client = staff({ kept, tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: Date.now() + 600_000 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.request('GET /v1/admin/users/me')));
    expect([answers.length, refreshes, kept.length, kept[0]?.refreshToken]).toEqual([20, 1, 1, 'refresh-2']);
  });

  it('refresh before the token ends, and ask once more where the answer was lost', async () => {
    replies = [broken, json(200, tokens('2')), guard(() => 'access-2')];
    const client = staff({ tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: Date.now() + 5_000 } });
    expect(await client.request('GET /v1/admin/users/me')).toEqual({ user_id: 'me' });
    expect(seen.map(({ call, body }) => [call, body])).toEqual([['POST /v1/auth/refresh', '{"refresh_token":"refresh-1"}'], ['POST /v1/auth/refresh', '{"refresh_token":"refresh-1"}'], ['GET /v1/admin/users/me', '']]);
  });

  it('end when the refresh token is refused: every waiting call is told, and what was kept is dropped', async () => {
    replies = [json(401, { code: 'refresh-token-invalid', detail: 'No.' })];
    const kept: (SessionTokens | undefined)[] = [];
    const client = staff({ kept, tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: 0 } });
    const errors = await Promise.all([1, 2, 3].map(() => failureOf(client.request('GET /v1/admin/users/me'))));
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('refresh-token-invalid'));
    expect([kept, client.auth.tokens, seen.length]).toEqual([[undefined], undefined, 1]);
  });

  it('begin by a login, whose next step comes first, know their device, and end by a logout', async () => {
    replies = [json(200, { next_step: { methods: ['new-password'], step_token: 's', expires_at: 1 } }), json(200, { ...tokens('1'), user_id: 'me' }, { 'x-device-token': 'device' }), json(204, undefined), json(200, { ...tokens('2'), user: {} })];
    const client = staff();
    const login = await client.auth.login({ email: 'a@example.com', password: 'old' });
    expect(['next_step' in login, client.auth.tokens]).toEqual([true, undefined]);
    await client.auth.completeLogin({ step_token: 's', password: 'new' });
    expect(client.auth.tokens).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1', deviceToken: 'device' });
    await client.auth.logout();
    expect([client.auth.tokens, seen[2]!.call, seen[2]!.body]).toEqual([undefined, 'POST /v1/auth/logout', '{"refresh_token":"refresh-1"}']);
    await client.auth.login({ email: 'a@example.com', password: 'new' });
    expect(seen[3]!.headers['x-device-token']).toBe('device');
  });

  it('of a project are those of its users, and go by what the token says of its own time', async () => {
    const access = token(600, 'user');
    replies = [json(200, { id: '1', access_token: access, expires_at: 5, type: 'Bearer', refresh: 'r', auth_type: 'user' }), ok];
    const client = createClient({ url, project: 'demo', auth: userSession() });
    await client.auth.login({ username: 'ada', password: 'p' });
    await client.request('GET /v1/auth/me');
    expect(seen.map(({ call }) => call)).toEqual(['POST /demo/users/login', 'GET /v1/auth/me']);
    expect(seen[1]!.headers.authorization).toBe(`Bearer ${access}`);
  });
});

describe('tokens', () => {
  it('of client credentials are fetched once, kept, and fetched anew when they are refused', async () => {
    let issued = 0;
    let valid = 1;
    replies = [(response, one) => {
      if (one.call === 'POST /oauth2/token') return json(200, { access_token: `token-${(issued += 1)}`, token_type: 'Bearer', expires_in: 3_600, scope: 'events' })(response, one);
      (one.headers.authorization === `Bearer token-${valid}` ? json(200, { data: { users: [] }, cursor: null }) : json(401, { error: { code: 'token-invalid', message: 'No.', details: [] } }))(response, one);
    }];
    const client = createClient({ url, auth: clientCredentials({ clientId: 'id', clientSecret: 'secret' }) });
    await Promise.all([1, 2, 3].map(() => client.request('GET /users')));
    expect(issued).toBe(1);
    valid = 2;
    await Promise.all([1, 2, 3].map(() => client.request('GET /users')));
    expect(issued).toBe(2);
    expect(JSON.parse(seen[0]!.body)).toEqual({ grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret' });
  });

  it('of client credentials that are refused say so in the codes of everything else', async () => {
    replies = [json(401, { error: 'invalid_client', error_description: 'No.' })];
    expect(await failureOf(createClient({ url, auth: clientCredentials({ clientId: 'id', clientSecret: 'no' }) }).request('GET /users'))).toMatchObject({ code: 'invalid-client', endpoint: 'POST /oauth2/token', message: 'No.' });
  });

  it('of end users are asked for again before they end', async () => {
    replies = [ok];
    let asked = 0;
    const long = createClient({ url, auth: endUserToken(() => token(600, String((asked += 1)))) });
    await long.request('GET /users/me');
    await long.request('GET /users/me');
    expect([asked, seen[1]!.headers.authorization]).toEqual([1, seen[0]!.headers.authorization]);
    const short = createClient({ url, auth: endUserToken(() => token(10, String((asked += 1)))) });
    await short.request('GET /users/me');
    await short.request('GET /users/me');
    expect(asked).toBe(3);
  });
});

describe('a file', () => {
  const imports = 'POST /v1/admin/projects/{project_id}/imports';
  const to = { path: { project_id: 'p' }, query: { type: 'users' as const } };
  const accepted = json(202, { import_id: 'i' });

  it('is sent row by row under a key, and its answer is the import', async () => {
    replies = [accepted];
    async function* rows() {
      for (let n = 0; n < 3_000; n += 1) yield await Promise.resolve({ id: `user-${n}`, note: 'é'.repeat(20) });
    }
    expect((await admin().upload(imports, { ...to, file: rows() })).import_id).toBe('i');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ call: 'POST /v1/admin/projects/p/imports?type=users', headers: { 'content-type': 'application/x-ndjson', 'x-api-key': 'rc_key', 'idempotency-key': expect.any(String) } });
    const lines = seen[0]!.body.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string });
    expect([lines.length, lines[0]!.id, lines.at(-1)]).toEqual([3_000, 'user-0', { id: 'user-2999', note: 'é'.repeat(20) }]);
  });

  it.each([
    ['a text', 'id\nada\n'],
    ['bytes', new TextEncoder().encode('id\nada\n')],
    ['a Blob', new Blob(['id\n', 'ada\n'])],
    ['a function that opens a stream', () => new Blob(['id\nada\n']).stream() as ReadableStream<Uint8Array>],
  ])('that can be read again is sent again when that breaks off, under the same key: %s', async (_what, file) => {
    replies = [broken, json(503, {}), accepted];
    await admin().upload(imports, { ...to, type: 'text/csv', file });
    expect(seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual(Array(3).fill(['id\nada\n', 'text/csv']));
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('that can be read once is sent once, and its source is told when nobody wants it', async () => {
    replies = [broken, accepted];
    expect((await failureOf(admin().upload(imports, { ...to, file: new Blob(['{}\n']).stream() as ReadableStream<Uint8Array> }))).code).toBe('network-error');
    expect(seen).toHaveLength(1);
    const failing = (async function* () {
      yield await Promise.resolve('{"id":"ada"}\n');
      throw new Error('the disk is gone');
    })();
    expect((await failureOf(admin().upload(imports, { ...to, file: failing }))).code).toBe('network-error');
  });
});

describe('an export', () => {
  const exports = 'GET /v1/admin/projects/{project_id}/exports';
  const of = { path: { project_id: 'p' }, query: { type: 'users' as const } };
  const lines = (...some: string[]): Reply => (response) => void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(some.map((line) => `${line}\n`).join(''));

  it('is its records, without the line that counts them', async () => {
    replies = [lines('{"id":"ada"}', '{"id":"bob"}', '{"kind":"end","records":2}')];
    const found: unknown[] = [];
    for await (const { id } of admin().records(exports, of)) found.push(id);
    expect(found).toEqual(['ada', 'bob']);
  });

  it.each([[['{"id":"ada"}']], [['{"id":"ada"}', '{"kind":"end","records":2}']], [[]]])('that was cut off is none: %j', async (some) => {
    replies = [lines(...some)];
    const read = async () => {
      for await (const record of admin().records(exports, of)) expect(record).toEqual({ id: 'ada' });
    };
    expect((await failureOf(read())).code).toBe('answer-cut-off');
  });
});
