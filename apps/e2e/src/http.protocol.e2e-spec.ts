import { describe, expect, it } from '@jest/globals';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';

describe('HTTP, whatever the surface', () => {
  it('echoes a request id and mints one where there is none that can be echoed', async () => {
    expect((await api.get('/health/live', { headers: { 'x-request-id': 'my-request.1' } })).headers.get('x-request-id')).toBe('my-request.1');
    for (const headers of [{}, { 'x-request-id': 'with spaces and ünicode'.slice(0, 11) }] as Record<string, string>[]) {
      expect((await api.get('/health/live', { headers })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('answers a wrong method with 405 and the methods that work', async () => {
    const answer = await api.patch('/v1/users/u1', { basic: keyAndSecret });
    expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([405, expect.stringContaining('GET'), { error: expect.stringMatching(/^PATCH is not allowed here/) }]);
  });

  it.each([
    ['POST', '/v1/admin/users', 405, 'GET, HEAD'],
    ['PUT', '/v1/admin/users', 405, 'GET, HEAD'],
    ['PUT', '/v1/admin/users/custom-profile-fields', 405, 'DELETE, GET, HEAD, PATCH'],
    ['POST', '/v1/auth/users', 404, null],
    ['GET', '/v1/auth/users/me', 404, null],
    ['PUT', '/v1/admin/delete-users', 404, null],
    ['GET', '/v1/oauth2/users', 404, null],
    ['POST', '/v1/users/login', 405, 'DELETE, GET, HEAD, PUT'],
    ['GET', `/${projectSlug}/users/login`, 405, 'POST'],
    ['GET', `/${projectSlug}/users/register`, 405, 'POST'],
    ['PUT', `/${projectSlug}/users/count`, 405, 'GET, HEAD'],
    ['GET', '/v1/admin/users/invite', 405, 'POST'],
    ['DELETE', '/v1/admin/users/me', 405, 'GET, HEAD, PATCH'],
    ['DELETE', '/v1/users/merge', 405, 'POST'],
  ])('takes words of its paths and reserved ones for no name: %s %s is a %i that allows %s', async (method, path, status, allow) => {
    // The OpenAPI document has `/v1/{project}/users`, and does not say that no project has a reserved name: plain `fetch` does not hold answers against it.
    const answer = await fetch(`${platform.url}${path}`, { method, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{"users":[{"id":"u"}]}', headers: { 'content-type': 'application/json' } }) });
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('x-request-id')]).toEqual([status, allow, expect.any(String)]);
    const code = status === 405 ? 'method-not-allowed' : 'route-not-found';
    expect(await answer.json()).toEqual(path.startsWith('/v1/users/') ? { error: expect.any(String) } : expect.objectContaining({ status, code, type: `/docs/errors/${code}` }));
  });

  it.each([
    ['POST', '/v1/admin/orgs/{org_id}/api-keys/{id}/rotate'],
    ['POST', '/v1/admin/projects/{project_id}/webhooks/{id}/rotate-secret'],
    ['POST', '/v1/admin/invitations/{id}/resend'],
    ['POST', '/v1/admin/users/{id}/restore'],
    ['POST', '/v1/admin/jobs/{id}/run'],
  ])('takes no fields where no body is taken: %s %s', async (method, template) => {
    const { org, project, superAdmin } = platform.demo;
    const path = template.replace('{org_id}', org.id).replace('{project_id}', project.id).replace('{id}', '01890000-0000-7000-8000-000000000000');
    const send = (more: object) => api.send(method, path, { headers: { 'x-api-key': superAdmin.apiKey }, ...more });
    const refused = await send({ body: { x: 1 } });
    expect([refused.status, refused.body.code, refused.body.errors]).toEqual([400, 'invalid-request', [{ path: 'x', message: 'is not a known field' }]]);
    expect([(await send({ body: {} })).status, (await send({})).status]).toEqual([404, 404]);
  });

  it('accepts a JSON content type without a body where none is needed', async () => {
    expect((await api.get('/health/live', { headers: { 'content-type': 'application/json' } })).status).toBe(200);
  });

  it.each<[surface: string, path: string, shape: object, authorization: () => Promise<object>]>([
    ['environment', '/delete-users', { error: { code: 'malformed-body', message: expect.stringMatching(/^The body is not valid JSON/), details: [], request_id: expect.any(String) } }, async () => ({ bearer: await environmentToken() })],
    ['engagement', '/v1/users', { error: expect.stringMatching(/^The body is not valid JSON/) }, async () => ({ basic: keyOnly })],
    ['project', `/${projectSlug}/users/login`, { type: '/docs/errors/malformed-body', title: 'Bad Request', status: 400, detail: expect.stringMatching(/^The body is not valid JSON/), code: 'malformed-body', request_id: expect.any(String) }, async () => ({})],
    ['admin', '/v1/auth/login', { type: '/docs/errors/malformed-body', title: 'Bad Request', status: 400, detail: expect.stringMatching(/^The body is not valid JSON/), code: 'malformed-body', request_id: expect.any(String) }, async () => ({})],
    ['token endpoint', '/oauth2/token', { error: 'invalid_request', error_description: expect.stringMatching(/^The body is not valid JSON/) }, async () => ({})],
  ])('refuses bad JSON in the dialect of the %s', async (surface, path, shape, authorization) => {
    const method = surface === 'environment' ? 'PUT' : 'POST';
    const answer = await api.send(method, path, { ...(await authorization()), raw: '{"a": ', headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.body]).toEqual([400, shape]);
  });

  it('refuses a body over 1 MiB with 413 and another content type with 415', async () => {
    const large = await api.post('/v1/users', { basic: keyOnly, body: { id: unique('big'), first_name: 'x'.repeat(1_100_000) } });
    expect([large.status, large.body]).toEqual([413, { error: 'The request body is larger than 1 MiB.' }]);
    // Much larger ones, which are still being sent when the answer is known.
    for (const size of [5_000_000, 20_000_000]) {
      const answer = await api.post('/v1/users', { basic: keyOnly, body: { id: unique('big'), first_name: 'x'.repeat(size) } });
      expect([answer.status, answer.body]).toEqual([413, large.body]);
      expect((await api.post('/v1/users', { basic: keyOnly, raw: 'x'.repeat(size), headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    }
    const xml = await api.post('/v1/users', { basic: keyOnly, raw: '<user/>', headers: { 'content-type': 'application/xml' } });
    expect([xml.status, xml.body]).toEqual([415, { error: 'Send the body as application/json.' }]);
  });

  it('refuses JSON that is sent as a form, as curl does by itself: it would be a write of nothing', async () => {
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const uid = unique('form');
    const answer = await api.put(`/v1/users/${uid}`, { basic: keyOnly, raw: '{"first_name":"Ada"}', ...form });
    expect([answer.status, answer.body]).toEqual([415, { error: 'Send the body as application/json.' }]);
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).status).toBe(404);
    expect((await api.post('/v1/auth/login', { raw: 'email=a&password=b', ...form })).status).toBe(415);
    expect((await api.post('/oauth2/token', { raw: '<token/>', headers: { 'content-type': 'application/xml' } })).body.error_description).toBe('Send the body as application/x-www-form-urlencoded or application/json.');
  });

  it('refuses bytes that are no UTF-8, which would be kept as other characters', async () => {
    const id = unique('latin');
    const latin = await api.post('/v1/users', { basic: keyOnly, raw: Buffer.from(`{"id":"${id}","first_name":"Jos\u00e9"}`, 'latin1'), headers: { 'content-type': 'application/json' } });
    expect([latin.status, latin.body]).toEqual([400, { error: 'The body is not valid UTF-8.' }]);
    expect((await api.get(`/v1/users/${id}`, { basic: keyAndSecret })).status).toBe(404);
  });

  it('refuses a parameter of a token request that is given twice', async () => {
    const answer = await api.post('/oauth2/token', { raw: 'grant_type=password&grant_type=client_credentials', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect([answer.status, answer.body]).toEqual([400, { error: 'invalid_request', error_description: 'A parameter must not be given more than once.' }]);
  });

  it('refuses a key named __proto__, and says where it stands', async () => {
    const answer = await api.post('/v1/users', { basic: keyOnly, raw: '{"id":"u","meta":{"a":{"__proto__":{"admin":true}}}}', headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.body.error]).toEqual([400, 'meta.a.__proto__: __proto__ is not allowed as a key.']);
  });

  it.each([
    ['a hundred thousand deep', `{"p":"__proto__","z":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['65 deep, behind strings that look otherwise', `{"a\\\\":"]]}}\\"","b":${'{"x":['.repeat(32)}${']}'.repeat(32)}}`],
  ])('refuses a body that is nested %s', async (_depth, raw) => {
    const answer = await api.post(`/${projectSlug}/users/login`, { raw, headers: { 'content-type': 'application/json' } });
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining('must not be nested deeper than 64 levels')]);
  });

  it('sees through a __proto__ that is written with escapes', async () => {
    expect((await api.post('/v1/users', { basic: keyOnly, raw: '{"id":"u","meta":{"\\u005f_proto__":1}}', headers: { 'content-type': 'application/json' } })).status).toBe(400);
  });

  it.each<[surface: string, path: string, body: object]>([
    ['project', `/${projectSlug}/users/login`, { username: 'a\u0000b', password: 'x' }],
    ['admin', '/v1/auth/login', { email: 'a\u0000b', password: 'x' }],
  ])('refuses a NUL character in a login name on the %s surface', async (_surface, path, body) => {
    expect((await api.post(path, { body })).status).toBe(400);
  });

  it.each(['/v1/users/%ff', '/v1/users/%', `/v1/users/${'x'.repeat(2_000)}`])('says in the surface’s dialect what is wrong with the path %#', async (path) => {
    const answer = await api.get(path, { basic: keyAndSecret, headers: { 'x-request-id': 'my-id' } });
    expect([answer.status, answer.headers.get('x-request-id'), answer.body]).toEqual([400, 'my-id', { error: expect.stringMatching(/path/) }]);
  });

  it('names at most a hundred of many mistakes', async () => {
    const answer = await api.post(`/${projectSlug}/users/login`, { body: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1])) });
    expect([answer.status, answer.body.errors.length]).toEqual([400, 100]);
  });

  it.each<[what: string, path: string, sent: object]>([
    ['a user', `/${projectSlug}/users`, { headers: { 'x-api-key': platform.demo.apiKey } }],
    ['customers', '/v1/users', { basic: keyAndSecret }],
    ['a refusal', '/v1/admin/users', {}],
    ['nothing', '/nowhere', {}],
    ['a malformed path', '/v1/users/%', { basic: keyAndSecret }],
  ])('has caches keep no answer with %s', async (_what, path, sent) => {
    const { headers } = await api.get(path, sent);
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
  });

  it('takes a path with a slash at its end for another path', async () => {
    expect((await api.post('/v1/users/', { basic: keyOnly, body: { id: 'u' } })).status).toBe(404);
  });

  it('asks for credentials in the way of the surface', async () => {
    const challenges = await Promise.all(['/v1/users/u1', '/delete-users/x', `/${projectSlug}/users/u1`].map((path) => api.get(path)));
    expect(challenges.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(challenges.map(({ headers }) => headers.get('www-authenticate')?.split(' ')[0])).toEqual(['Basic', 'Bearer', 'Bearer']);
  });

  it('says 404 for a path that is nowhere, and for a malformed one 400', async () => {
    expect((await api.get('/nowhere/at/all')).status).toBe(404);
    expect((await api.get('/v1/users/%E0%A4%A', { basic: keyAndSecret })).status).toBe(400);
  });

  it('takes /users with Basic authentication as the engagement surface', async () => {
    const uid = unique('short');
    expect((await api.post('/users', { basic: keyOnly, body: { id: uid } })).body.uid).toBe(uid);
    expect((await api.get(`/users/${uid}`, { basic: keyAndSecret })).status).toBe(200);
  });
});

describe('health and the API reference', () => {
  it('names each dependency to a caller on this host', async () => {
    const ready = await api.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body.dependencies.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['postgres:identity', 'postgres:profiles', 'postgres:membership']));
    expect(ready.body.dependencies.every((dependency: { ready: boolean }) => dependency.ready)).toBe(true);
  });

  it('tells of this process alone where that is asked, and knows no other scope', async () => {
    const { status, body } = await api.get('/health/ready?scope=process');
    expect([status, body.dependencies.map(({ name }: { name: string }) => name).includes('workers')]).toEqual([200, false]);
    expect((await api.get('/health/ready?scope=mine')).status).toBe(400);
  });

  it('tells a caller behind a proxy only whether it is ready', async () => {
    expect((await api.get('/health/ready', { headers: { 'x-forwarded-for': '203.0.113.7' } })).body).toEqual({ status: 'ready' });
  });

  it('describes every route that is served, with its schema', async () => {
    const document = (await api.get('/openapi.json')).body;
    expect(document.openapi).toMatch(/^3\./);
    for (const path of ['/v1/users', '/v1/users/{uid}', '/v1/users/{uid}/events', '/{project}/users/login', '/{project}/users/{id}', '/{project}/users/{id}/change-password', '/delete-users', '/oauth2/token', '/v1/auth/login', '/health/ready']) {
      expect(document.paths).toHaveProperty([path]);
    }
    const body = document.components.schemas[document.paths['/v1/users'].post.requestBody.content['application/json'].schema.$ref.split('/').at(-1)];
    expect([body.required, Object.keys(body.properties)]).toEqual([['id'], expect.arrayContaining(['meta', 'first_name', 'created_at'])]);
  });

  it('serves a document a surface, which need not be read again while it is the same', async () => {
    const all = (await api.get('/openapi.json')).body;
    for (const name of ['environment', 'engagement', 'project', 'admin', 'deployment']) {
      const { status, body, headers } = await api.get(`/openapi/${name}.json`);
      expect([name, status, Object.keys(body.paths as object).filter((path) => all.paths[path] === undefined)]).toEqual([name, 200, []]);
      expect(headers.get('cache-control')).toBe('public, max-age=300');
      const again = await api.get(`/openapi/${name}.json`, { headers: { 'if-none-match': headers.get('etag') as string } });
      expect([again.status, again.text]).toEqual([304, '']);
    }
    expect((await api.get('/openapi/nothing.json')).status).toBe(404);
  });

  it('serves the reference as a page that loads nothing from elsewhere, and leads there who opens the bare address', async () => {
    const page = await api.get('/');
    expect([page.status, page.headers.get('content-type'), page.headers.get('content-security-policy')]).toEqual([200, expect.stringContaining('text/html'), expect.stringMatching(/default-src 'none'; script-src 'self';/)]);
    for (const [, source = ''] of page.text.matchAll(/src="([^"]+)"/g)) {
      const script = await api.get(source);
      expect([source, script.status, script.headers.get('content-type'), script.text.length > 100]).toEqual([source, 200, 'text/javascript; charset=utf-8', true]);
    }
  });

  it('leads from the type of a problem to a page about it', async () => {
    const { body } = await api.get('/nowhere/at/all');
    const page = await api.get(body.type as string);
    expect([page.status, page.headers.get('content-type'), page.text]).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining('route-not-found')]);
    expect((await api.get('/docs/errors/no-such-code')).status).toBe(404);
  });
});

describe('credentials that are not good enough', () => {
  it('need the secret too for reading: the key alone may be in a browser', async () => {
    const answer = await api.get(`/v1/users/${unique('x')}`, { basic: keyOnly });
    expect([answer.status, answer.body.error]).toEqual([401, 'This call needs your secret too, as the password of HTTP Basic authentication.']);
  });

  it('are one answer, however wrong they are', async () => {
    const wrong = await Promise.all([[keyAndSecret[0], 'wrong'], [keyAndSecret[0], '\0'], ['rc_pub_nobody', ''], ['x', 'y'], ['x'.repeat(300), 'y']].map((basic) => api.post('/v1/users', { basic: basic as [string, string], body: { id: 'u' } })));
    expect(wrong.map(({ status, body }) => [status, body.error])).toEqual(Array.from({ length: 5 }, () => [401, 'The credentials are not valid.']));
  });

  it('never share their verdict with others that are presented at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => api.post('/v1/users', { basic: [keyOnly[0], index % 2 === 0 ? '' : '\0'], body: { id: 'u' } })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index % 2 === 0 ? 200 : 401)));
  });

  it('of a client are refused by the token endpoint in OAuth’s words', async () => {
    const answer = await api.post('/oauth2/token', { raw: 'grant_type=client_credentials&client_id=x&client_secret=y', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect([answer.status, answer.body.error, answer.headers.get('www-authenticate')]).toEqual([401, 'invalid_client', expect.stringContaining('Basic')]);
    expect((await api.post('/oauth2/token', { body: { grant_type: 'password' } })).body.error).toBe('unsupported_grant_type');
  });

  it('of one role don’t do for another', async () => {
    const answer = await api.put('/delete-users', { bearer: await environmentToken('workbench'), body: { data: ['x'] } });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'permission-missing']);
  });

  it('of one surface don’t do on another', async () => {
    const [staff, client] = await Promise.all([adminToken(), environmentToken()]);
    expect((await api.put('/delete-users', { bearer: staff, body: { data: ['x'] } })).status).toBe(401);
    expect((await api.get(`/${projectSlug}/users/x`, { bearer: client })).status).toBe(401);
  });

  it('don’t tell whether a project exists', async () => {
    const admin = await adminToken();
    const unknown = await api.get('/no-such-project/users/x', { bearer: admin });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'project-not-found']);
    expect((await api.get('/no-such-project/users/x')).status).toBe(401);
  });
});
