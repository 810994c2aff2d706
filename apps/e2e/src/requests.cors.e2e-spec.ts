import { beforeAll, describe, expect, it } from '@jest/globals';
import { sign } from 'node:crypto';
import { eventually, type ApiRequest, testKeyPair } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';

const ours = 'https://app.example.com';
const foreign = 'https://elsewhere.example.com';
const headers = { 'x-api-key': platform.demo.superAdmin.apiKey };
const open = 'access-control-allow-origin';

let project: { id: string; slug: string };
let basic: [key: string, secret: string];
let keyAlone: [key: string, secret: ''];

/** Sets the project's origins, and waits until the gateway goes by them: then it tells a page of the first so, or of none nothing. */
async function setOrigins(origins: string[] | null): Promise<void> {
  const changed = await api.patch(`/v1/admin/projects/${project.id}`, { headers, body: { settings: { allowed_origins: origins } } });
  expect(changed.status).toBe(200);
  const shown = origins === null ? null : origins[0]!;
  await eventually(async () => expect((await from(shown === null || shown === '*' ? foreign : shown, 'PUT', '/v1/users/waiting', { basic, body: {} })).headers.get(open)).toBe(shown));
}

function from(origin: string, method: string, path: string, request: ApiRequest) {
  return api.send(method, path, { ...request, headers: { ...request.headers, origin } });
}

function preflight(path: string, method: string, origin = foreign) {
  return api.send('OPTIONS', path, { headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization, content-type' } });
}

beforeAll(async () => {
  const slug = unique('cors');
  const made = await api.post('/v1/admin/projects', { headers, body: { org_id: platform.demo.org.id, name: slug, slug } });
  project = { id: made.body.project_id as string, slug };
  const { key, secret } = (await api.post(`/v1/admin/projects/${project.id}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
  basic = [key, secret];
  keyAlone = [key, ''];
});

describe('a browser that asks beforehand', () => {
  it('is told what pages may send, for each kind of route that they may call, whatever their origin', async () => {
    const routes: [method: string, path: string, methods: string][] = [
      ['PUT', '/v1/users/u1', 'PUT'],
      ['POST', '/v1/users', 'POST'],
      ['POST', '/users/u1/events', 'POST'],
      // Without the `/v1` it may be surface B's too, where `me` is an id.
      ['GET', '/users/me', 'GET, HEAD, PUT'],
      ['PUT', '/v1/demo-app/users/me/preferences', 'PUT'],
      ['POST', '/demo-app/users/login', 'POST'],
      ['POST', '/demo-app/users/login/new-password', 'POST'],
      ['POST', '/v1/auth/login/new-password', 'POST'],
      ['POST', '/demo-app/users/refresh', 'POST'],
      ['POST', '/demo-app/users/logout', 'POST'],
      ['POST', '/v1/auth/password/forgot', 'POST'],
      ['POST', '/v1/auth/email/confirm', 'POST'],
      ['DELETE', '/v1/auth/sessions', 'DELETE, GET, HEAD'],
    ];
    for (const [method, path, methods] of routes) {
      const answer = await preflight(path, method);
      expect([path, answer.status, answer.headers.get(open), answer.headers.get('access-control-allow-methods')]).toEqual([path, 204, foreign, methods]);
      expect(answer.headers.get('access-control-allow-headers')).toBe('authorization, content-type, idempotency-key, x-request-id, x-sdk-version, x-device-token');
      expect([answer.headers.get('vary'), answer.headers.get('access-control-max-age'), answer.headers.get('access-control-allow-credentials')]).toEqual(['Origin', '600', null]);
    }
  });

  it('is told nothing for what takes a secret or staff, for other methods and for paths that are not there', async () => {
    const routes = [['GET', '/v1/users/u1'], ['DELETE', '/v1/users/u1'], ['POST', '/v1/users/merge'], ['POST', '/oauth2/token'], ['GET', '/v1/admin/users/me'], ['POST', '/v1/auth/login'], ['POST', '/demo-app/users/register'], ['PATCH', '/users/me'], ['PUT', '/v1/nothing/here']] as const;
    for (const [method, path] of routes) {
      const answer = await preflight(path, method);
      expect([path, [404, 405].includes(answer.status), answer.headers.get(open), answer.headers.get('access-control-allow-methods')]).toEqual([path, true, null, null]);
    }
    expect((await api.send('OPTIONS', '/v1/users/u1', { headers: { origin: ours } })).status).toBe(405);
  });
});

describe('a page', () => {
  const save = (origin: string, id: string, more: ApiRequest = { basic: keyAlone }) => from(origin, 'PUT', `/v1/users/${id}`, { body: { first_name: 'Ida' }, ...more });

  it('is served but can read nothing while the project names no origins', async () => {
    await setOrigins(null);
    const answer = await save(ours, unique('off'));
    expect([answer.status, answer.headers.get(open), answer.headers.get('vary')]).toEqual([200, null, 'Origin']);
  });

  it('of an allowed origin reads answers and refusals; the answer says what else it may read', async () => {
    await setOrigins([ours, 'https://second.example.com']);
    const saved = await save('https://second.example.com', unique('ours'));
    expect([saved.status, saved.headers.get(open), saved.headers.get('vary'), saved.headers.get('access-control-allow-credentials')]).toEqual([200, 'https://second.example.com', 'Origin', null]);
    expect(saved.headers.get('access-control-expose-headers')).toBe('X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, X-Rollcall-Claims-Skipped, X-Rollcall-Job-Id, X-Device-Token');
    const refused = await save(ours, unique('ours'), { basic: keyAlone, body: { email: 'nobody' } });
    expect([refused.status, refused.headers.get(open)]).toEqual([400, ours]);
    const unknown = await save(ours, unique('ours'), { basic: ['nobody', ''] });
    expect([unknown.status, unknown.headers.get(open)]).toEqual([401, null]);
  });

  it('of another origin is refused with the key alone, and changes nothing; servers and the secret are not', async () => {
    await setOrigins([ours]);
    const id = unique('foreign');
    for (const origin of [foreign, 'null', 'https://app.example.com:8443', 'http://app.example.com']) {
      const answer = await save(origin, id);
      expect([answer.status, answer.headers.get(open), answer.body]).toEqual([403, null, { error: expect.stringContaining('allowed_origins') }]);
    }
    expect((await api.get(`/v1/users/${id}`, { basic })).status).toBe(404);
    const withSecret = await save(foreign, id, { basic });
    expect([withSecret.status, withSecret.headers.get(open)]).toEqual([200, null]);
    expect((await api.put(`/v1/users/${id}`, { basic: keyAlone, body: {} })).status).toBe(200);
  });

  it('of any origin is let in where the project says *', async () => {
    await setOrigins(['*']);
    for (const origin of [foreign, 'null']) {
      const answer = await save(origin, unique('any'));
      expect([answer.status, answer.headers.get(open), answer.headers.get('vary')]).toEqual([200, '*', 'Origin']);
    }
  });

  it('of a project reads the answers to its users’ logins, refused or not, and to what they do when logged in', async () => {
    await setOrigins([ours]);
    const [username, password] = [unique('user'), 'correct horse battery'];
    expect((await api.post(`/${project.slug}/users/register`, { headers, body: { username, password, firstName: 'Ida', roles: [] } })).status).toBe(200);
    const logIn = (origin: string, given: string) => from(origin, 'POST', `/${project.slug}/users/login`, { body: { username, password: given } });
    const wrong = await logIn(ours, 'wrong');
    expect([wrong.status, wrong.headers.get(open)]).toEqual([401, ours]);
    const elsewhere = await logIn(foreign, password);
    expect([elsewhere.status, elsewhere.headers.get(open)]).toEqual([200, null]);
    const done = await logIn(ours, password);
    expect([done.status, done.headers.get(open)]).toEqual([200, ours]);
    const bearer = done.body.access_token as string;
    for (const origin of [ours, foreign]) {
      const me = await from(origin, 'GET', '/v1/auth/me', { bearer });
      expect([me.status, me.headers.get(open)]).toEqual([200, origin === ours ? ours : null]);
      const forgot = await from(origin, 'POST', '/v1/auth/password/forgot', { body: { email: 'nobody@example.com', project: project.slug } });
      expect([forgot.status, forgot.headers.get(open)]).toEqual([202, origin === ours ? ours : null]);
    }
    const unknownProject = await from(ours, 'POST', `/${unique('nothing')}/users/login`, { body: { username, password } });
    expect([unknownProject.status, unknownProject.headers.get(open)]).toEqual([404, null]);
    // What a mailed token opens needs no project: any page may be the one that the mail led to.
    const confirm = await from(foreign, 'POST', '/v1/auth/email/confirm', { body: { token: 'nothing' } });
    expect([confirm.status, confirm.headers.get(open)]).toEqual([400, '*']);
  });

  it('of a project reads the answers to its end users’ tokens', async () => {
    await setOrigins([ours]);
    const { publicKey, privateKey } = testKeyPair('ed25519');
    const body = { name: 'web', public_key: publicKey.export({ type: 'spki', format: 'pem' }), algorithm: 'EdDSA', claims: {} };
    const { sdk_key_id: iss } = (await api.put(`/v1/admin/projects/${project.id}/sdk-keys`, { headers, body })).body as { sdk_key_id: string };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part({ sub: unique('me'), iss, exp: Math.floor(Date.now() / 1_000) + 600 })}`;
    const bearer = `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
    for (const [origin, shown] of [[ours, ours], [foreign, null]] as const) {
      const me = await from(origin, 'GET', '/users/me', { bearer });
      expect([me.status, me.headers.get(open), me.headers.get('vary')]).toEqual([200, shown, 'Origin']);
    }
  });
});
