import { describe, expect, it } from '@jest/globals';
import { adminToken, api, platform, projectSlug, unique } from './platform-under-test.js';

const { demo } = platform;
const base = `/v1/admin/projects/${demo.project.id}`;
const orgAdmin = { 'x-api-key': demo.apiKey };
const unknownId = '01890000-0000-7000-8000-000000000000';

interface Kind {
  path: string;
  list: string;
  id: string;
  body: object;
  /** Where the answer holds what is shown once. */
  secrets: string[];
}

const kinds: Kind[] = [
  { path: 'api-clients', list: 'api_clients', id: 'client_id', body: { name: 'Backend', roles: ['events', 'workbench'] }, secrets: ['client_secret'] },
  { path: 'engagement-keys', list: 'engagement_keys', id: 'engagement_key_id', body: { name: 'Web' }, secrets: ['key', 'secret'] },
  { path: 'api-keys', list: 'api_keys', id: 'api_key_id', body: { name: 'CI', role: 'editor' }, secrets: ['key'] },
];

const create = (kind: Kind, headers: Record<string, string> = orgAdmin) => api.post(`${base}/${kind.path}`, { headers, body: kind.body });

describe.each(kinds)('$path', (kind) => {
  it('are made, listed and got, and show their secrets once', async () => {
    const made = await create(kind);
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const secrets = kind.secrets.map((name) => made.body[name] as string);
    for (const secret of secrets) expect(secret).toMatch(/^rc_[a-z]+_[0-9A-Za-z]{22}_[0-9A-Za-z]{28,}$/);
    expect(secrets.some((secret) => secret.startsWith(made.body.prefix as string))).toBe(true);

    const got = await api.get(`${base}/${kind.path}/${made.body[kind.id]}`, { headers: orgAdmin });
    const { [kind.secrets[0]!]: _first, [kind.secrets[1] ?? '']: _second, ...shown } = made.body as Record<string, unknown>;
    expect([got.status, got.body]).toEqual([200, shown]);
    expect(Object.keys(got.body).sort()).toEqual([kind.id, 'created_at', 'kind', 'last_used_at', 'name', 'prefix', 'roles'].sort());
    const listed = await api.get(`${base}/${kind.path}`, { headers: orgAdmin });
    expect(listed.body[kind.list]).toContainEqual(shown);
    for (const { text } of [got, listed]) for (const secret of secrets) expect(text).not.toContain(secret);
  });

  it('are paged through, newest first', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await create(kind)).body[kind.id] as string);
    const first = await api.get(`${base}/${kind.path}?page_size=2`, { headers: orgAdmin });
    await create(kind);
    const second = await api.get(`${base}/${kind.path}?page_size=3&cursor=${first.body.next_cursor}`, { headers: orgAdmin });
    const ids = [first, second].flatMap(({ body }) => body[kind.list].map((one: Record<string, string>) => one[kind.id]));
    expect(ids).toEqual(made);
    expect([first.body.page_size, second.body.page_size]).toEqual([2, 3]);
    const other = kinds.find(({ path }) => path !== kind.path)!;
    expect((await api.get(`${base}/${other.path}?cursor=${first.body.next_cursor}`, { headers: orgAdmin })).status).toBe(400);
  });

  it('are gone once they are revoked', async () => {
    const path = `${base}/${kind.path}/${(await create(kind)).body[kind.id]}`;
    const revoked = await api.delete(path, { headers: orgAdmin });
    expect([revoked.status, revoked.text]).toEqual([204, '']);
    expect([(await api.get(path, { headers: orgAdmin })).status, (await api.delete(path, { headers: orgAdmin })).status]).toEqual([404, 404]);
  });

  it('are another each time, with an Idempotency-Key too: the first answer is not kept, so it can not be given again', async () => {
    const headers = { ...orgAdmin, 'idempotency-key': unique('key') };
    const [first, second] = [await create(kind, headers), await create(kind, headers)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body[kind.id]).not.toBe(second.body[kind.id]);
  });

  it.each(['page_size=0', 'page_size=101', 'page_size=ten', 'cursor=tampered'])('refuse a list asked with %s', async (query) => {
    const answer = await api.get(`${base}/${kind.path}?${query}`, { headers: orgAdmin });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
  });

  it('refuse an unknown field and name it', async () => {
    const answer = await api.post(`${base}/${kind.path}`, { headers: orgAdmin, body: { ...kind.body, color: 'red' } });
    expect([answer.status, answer.body.errors]).toEqual([400, [{ path: 'color', message: 'is not a known field' }]]);
  });

  it.each(['', ' ', 'a\u0000b', 'x'.repeat(201), 7])('refuse the name %j', async (name) => {
    const answer = await api.post(`${base}/${kind.path}`, { headers: orgAdmin, body: { ...kind.body, name } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'name']);
  });

  it('are found by nobody under another id, whatever it looks like', async () => {
    const other = kinds.find(({ path }) => path !== kind.path)!;
    const ofOther = (await create(other)).body[other.id] as string;
    const answers = await Promise.all([unknownId, ofOther, 'x', '%00'].map((id) => api.get(`${base}/${kind.path}/${id}`, { headers: { ...orgAdmin, 'x-request-id': 'same' } })));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

it('an engagement key needs no name, nor a body', async () => {
  for (const body of [undefined, {}, { name: null }]) expect(await api.post(`${base}/engagement-keys`, { headers: orgAdmin, body })).toMatchObject({ status: 201, body: { name: 'Engagement key' } });
});

describe('what was made works:', () => {
  it('an API client gets a token with its roles', async () => {
    const { client_id, client_secret } = (await api.post(`${base}/api-clients`, { headers: orgAdmin, body: { name: 'One', roles: ['events'] } })).body;
    const token = await api.post('/oauth2/token', { body: { grant_type: 'client_credentials', client_id, client_secret } });
    expect([token.status, token.body.scope]).toEqual([200, 'events']);
    const answer = await api.put('/delete-users', { bearer: token.body.access_token, body: { data: [unique('nobody')] } });
    expect(answer.status).toBe(200);
  });

  it('an engagement key creates a customer, and reads with its secret', async () => {
    const { key, secret } = (await api.post(`${base}/engagement-keys`, { headers: orgAdmin, body: {} })).body;
    const uid = unique('by-new-key');
    expect((await api.post('/v1/users', { basic: [key, ''], body: { id: uid } })).status).toBe(200);
    expect((await api.get(`/v1/users/${uid}`, { basic: [key, secret] })).body.uid).toBe(uid);
  });

  it('an API key reads as its role lets it', async () => {
    const uid = unique('read');
    const { id } = (await api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: uid } })).body;
    const { key } = (await api.post(`${base}/api-keys`, { headers: orgAdmin, body: { name: 'Reader', role: 'viewer' } })).body;
    expect((await api.get(`/${projectSlug}/users/${id}`, { bearer: key })).status).toBe(200);
    expect((await api.post(`/${projectSlug}/users/${id}/change-password`, { bearer: key, body: { password: 'correct horse battery' } })).status).toBe(403);
  });

  it('its last use is shown', async () => {
    const { key, api_key_id } = (await api.post(`${base}/api-keys`, { headers: orgAdmin, body: { name: 'Used', role: 'viewer' } })).body;
    await api.get(`/${projectSlug}/users/${unknownId}`, { bearer: key });
    for (let tries = 0; ; tries += 1) {
      const { last_used_at } = (await api.get(`${base}/api-keys/${api_key_id}`, { headers: orgAdmin })).body;
      if (last_used_at !== null) break;
      expect(tries).toBeLessThan(100);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});

describe('who may manage keys', () => {
  const path = `${base}/api-clients`;

  it('is staff with a token, and an API key in each of its headers', async () => {
    const token = await adminToken();
    const ways: Record<string, string>[] = [{ authorization: `Bearer ${token}` }, { authorization: `Bearer ${demo.apiKey}` }, { 'x-api-key': demo.apiKey }, { 'x-atlas-api-key': demo.apiKey }, { 'x-api-key': demo.superAdmin.apiKey }];
    for (const headers of ways) expect((await api.get(path, { headers })).status).toBe(200);
  });

  it('is nobody without good credentials', async () => {
    const ways: Record<string, string>[] = [{}, { 'x-api-key': '' }, { 'x-api-key': 'rc_admin_x' }, { 'x-api-key': demo.engagement.key }, { authorization: 'Bearer nonsense' }, { authorization: `Basic ${Buffer.from(`${demo.engagement.key}:${demo.engagement.secret}`).toString('base64')}` }];
    for (const headers of ways) {
      const answer = await api.get(path, { headers });
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('www-authenticate')]).toEqual([401, 'application/problem+json; charset=utf-8', 'Bearer realm="rollcall"']);
    }
  });

  it('is no API client, no user of the project, and no key of the project: one that leaked could make others that outlive it', async () => {
    const { key } = (await api.post(`${base}/api-keys`, { headers: orgAdmin, body: { name: 'Admin', role: 'project_admin' } })).body;
    expect((await api.get(path, { headers: { 'x-api-key': key } })).status).toBe(403);
    const uid = unique('member');
    const { id } = (await api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: uid, email: `${uid}@example.com` } })).body;
    await api.post(`/${projectSlug}/users/${id}/change-password`, { bearer: demo.apiKey, body: { password: 'correct horse battery' } });
    const login = await api.post(`/${projectSlug}/users/login`, { body: { username: `${uid}@example.com`, password: 'correct horse battery' } });
    expect((await api.get(path, { bearer: login.body.access_token })).status).toBe(403);
    const client = await api.post('/oauth2/token', { body: { grant_type: 'client_credentials', ...demo.environment.events } });
    expect((await api.get(path, { bearer: client.body.access_token })).status).toBe(401);
  });

  it('finds no project under an unknown id, or by its slug', async () => {
    for (const project of [unknownId, projectSlug, 'x']) {
      expect((await api.get(`/v1/admin/projects/${project}/api-clients`, { headers: { 'x-api-key': demo.superAdmin.apiKey } })).body).toMatchObject({ status: 404, code: 'project-not-found' });
    }
  });

  it.each<[what: string, body: object, place: string]>([
    ['no roles', { name: 'n', roles: [] }, 'roles'],
    ['a role that is not', { name: 'n', roles: ['admin'] }, 'roles[0]'],
    ['no name', { roles: ['events'] }, 'name'],
  ])('is refused an API client with %s', async (_what, body, place) => {
    const answer = await api.post(path, { headers: orgAdmin, body });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, place]);
  });

  it.each(['super_admin', 'org_admin', 'owner', undefined])('is refused an API key of the project with the role %s', async (role) => {
    const answer = await api.post(`${base}/api-keys`, { headers: orgAdmin, body: { name: 'n', role } });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'role']);
  });
});

describe('API keys of the organisation', () => {
  const orgBase = `/v1/admin/orgs/${demo.org.id}/api-keys`;
  const makeKey = async (role: string) => (await api.post(orgBase, { headers: orgAdmin, body: { name: `Of ${role}`, role } })).body;

  it('are made, shown once, listed and revoked', async () => {
    const { key, ...shown } = await makeKey('org_admin');
    expect(key).toMatch(/^rc_admin_/);
    expect((await api.get(`${orgBase}/${shown.api_key_id}`, { headers: orgAdmin })).body).toMatchObject({ ...shown, last_used_at: null });
    const listed = await api.get(`${orgBase}?page_size=100`, { headers: orgAdmin });
    expect(listed.body.api_keys).toContainEqual(shown);
    expect(listed.text).not.toContain(key);
    expect((await api.get(orgBase, { headers: { 'x-api-key': key } })).status).toBe(200);
    expect((await api.delete(`${orgBase}/${shown.api_key_id}`, { headers: orgAdmin })).status).toBe(204);
    expect((await api.get(`${orgBase}/${shown.api_key_id}`, { headers: orgAdmin })).status).toBe(404);
  });

  it('reach every project of the organisation with their role, and administer nothing without the rank', async () => {
    const { key } = await makeKey('viewer');
    expect((await api.get(`/${projectSlug}/users/${unknownId}`, { bearer: key })).body.code).toBe('user-not-found');
    expect((await api.get(`${base}/api-clients`, { headers: { 'x-api-key': key } })).status).toBe(403);
    expect((await api.get(orgBase, { headers: { 'x-api-key': key } })).status).toBe(403);
    const admin = await makeKey('project_admin');
    expect((await api.get(`${base}/api-clients`, { headers: { 'x-api-key': admin.key } })).status).toBe(200);
    expect((await api.get(orgBase, { headers: { 'x-api-key': admin.key } })).status).toBe(403);
  });

  it('are rotated: the new one has the name and role, the old one is gone', async () => {
    const old = await makeKey('org_admin');
    const rotated = await api.post(`${orgBase}/${old.api_key_id}/rotate`, { headers: orgAdmin });
    expect([rotated.status, rotated.body]).toEqual([201, { ...old, api_key_id: expect.any(String), key: expect.any(String), prefix: expect.any(String), created_at: expect.any(String) }]);
    expect((await api.get(orgBase, { headers: { 'x-api-key': rotated.body.key } })).status).toBe(200);
    expect((await api.get(orgBase, { headers: { 'x-api-key': old.key } })).status).toBe(401);
    expect((await api.post(`${orgBase}/${old.api_key_id}/rotate`, { headers: orgAdmin })).status).toBe(404);
  });

  it('are refused for a role above the organisation, and for organisations that are not there', async () => {
    for (const role of ['super_admin', 'member', 'events']) expect((await api.post(orgBase, { headers: orgAdmin, body: { name: 'n', role } })).status).toBe(400);
    for (const headers of [orgAdmin, { 'x-api-key': demo.superAdmin.apiKey }]) {
      for (const org of [unknownId, 'demo']) expect((await api.get(`/v1/admin/orgs/${org}/api-keys`, { headers })).body).toMatchObject({ status: 404, code: 'organisation-not-found' });
    }
  });
});
