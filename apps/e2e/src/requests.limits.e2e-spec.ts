import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, type ApiAnswer } from '#libs/platform/testing';
import { adminToken, api, environmentToken, keyAndSecret, platform, unique } from './platform-under-test.js';

const { apiKey: demoKey, org, superAdmin } = platform.demo;
const admin = { headers: { 'x-api-key': superAdmin.apiKey } };

const unknownId = '0195cf2e-0000-7000-8000-00000000ffff';

/** A project of this spec alone. */
interface Own {
  path: string;
  slug: string;
  basic: readonly [string, string];
}

async function ownProject(settings: object): Promise<Own> {
  const slug = unique('limits');
  const made = await api.post('/v1/admin/projects', { ...admin, body: { org_id: org.id, name: slug, slug, settings } });
  expect(made.status).toBe(201);
  const path = `/v1/admin/projects/${made.body.project_id as string}`;
  const { body } = await api.post(`${path}/engagement-keys`, { ...admin, body: { name: slug } });
  return { path, slug, basic: [body.key as string, body.secret as string] };
}

const list = ({ basic }: Own) => api.get('/v1/users?limit=1', { basic });
const change = ({ path }: Own, settings: object) => api.patch(path, { ...admin, body: { settings } });
const statusesOf = (answers: readonly ApiAnswer[]) => [200, 429].map((status) => answers.filter((answer) => answer.status === status).length);

describe('a project with a rate limit', () => {
  let own: Own;
  let answers: ApiAnswer[];

  beforeAll(async () => {
    own = await ownProject({ rate_limit: 20 });
    answers = await Promise.all(Array.from({ length: 50 }, () => list(own)));
  });

  it('is answered exactly so often in a minute, also when all come at once', () => {
    expect(statusesOf(answers)).toEqual([20, 30]);
    const left = answers.filter(({ status }) => status === 200).map(({ headers }) => Number(/^"project";r=(\d+);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1]));
    expect(left.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('says when to come back, in the words of the surface', async () => {
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.headers.get('ratelimit-policy')).toBe('"project";q=20;w=60');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit')).toBe(`"project";r=0;t=${seconds}`);
    expect(refused.body).toEqual({ error: `The callers of this project may make 20 requests a minute: try again in ${seconds} s.` });
    const onProjectSurface = await api.get(`/${own.slug}/users`, admin);
    expect(onProjectSurface).toMatchObject({ status: 429, body: { code: 'too-many-requests', status: 429 } });
  });

  it('takes nothing from other projects, strangers, or its administrators, who raise the limit', async () => {
    const other = await api.get('/v1/users?limit=1', { basic: keyAndSecret });
    expect([other.status, other.headers.get('ratelimit-policy')]).toEqual([200, '"caller";q=1000000;w=60']);
    const stranger = await api.post(`/${own.slug}/users/login`, { body: { username: 'nobody', password: 'wrong' } });
    expect([stranger.status, stranger.headers.get('ratelimit-policy')]).toEqual([401, '"address";q=1000000;w=60']);
    const unknown = await api.get('/v1/users', { basic: ['rc_nobody', 'x'] });
    expect([unknown.status, unknown.headers.get('ratelimit-policy')]).toEqual([401, '"address";q=1000000;w=60']);
    const health = await api.get('/health/live');
    expect([health.status, health.headers.get('ratelimit')]).toEqual([200, null]);
    expect((await change(own, { rate_limit: null })).status).toBe(200);
    await eventually(async () => expect((await list(own)).status).toBe(200));
  });
});

describe('a caller with good credentials who is refused', () => {
  it('counts as that caller, on every surface, and not as a stranger at their address', async () => {
    const bearer = await environmentToken('events');
    const refused = [
      await api.get('/v1/admin/jobs', { headers: { 'x-api-key': demoKey } }),
      await api.get(`/v1/admin/projects/${unknownId}/imports`, { headers: { 'x-api-key': demoKey } }),
      await api.get(`/${unknownId}/users`, admin),
      await api.get('/v1/auth/sessions', admin),
      await api.get('/users/custom-profile-fields', { bearer }),
      await api.get(`/${unknownId}/users`, { bearer: await adminToken() }),
    ];
    expect(refused.map(({ status, headers }) => [status, headers.get('ratelimit-policy')])).toEqual([403, 404, 404, 403, 403, 404].map((status) => [status, '"caller";q=1000000;w=60']));
  });
});

describe('a project that is open on some surfaces only', () => {
  it('refuses its credentials on the others, its logins too, until an administrator opens them', async () => {
    const own = await ownProject({ allowed_services: ['project'] });
    const refused = await list(own);
    expect(refused).toMatchObject({ status: 403, body: { error: 'The project does not allow the service engagement, only project: its administrators decide in allowed_services.' } });
    const logIn = () => api.post(`/${own.slug}/users/login`, { body: { username: 'nobody', password: 'wrong' } });
    expect((await logIn()).status).toBe(401);

    expect((await change(own, { allowed_services: ['engagement'] })).status).toBe(200);
    await eventually(async () => expect((await list(own)).status).toBe(200));
    await eventually(async () => expect(await logIn()).toMatchObject({ status: 403, body: { code: 'service-not-allowed' } }));
    expect(await api.get(`/${own.slug}/users`, admin)).toMatchObject({ status: 403, body: { code: 'service-not-allowed' } });

    expect((await change(own, { allowed_services: [] })).status).toBe(200);
    await eventually(async () => expect((await logIn()).status).toBe(401));
    await eventually(async () => expect((await list(own)).status).toBe(200));
  });
});
