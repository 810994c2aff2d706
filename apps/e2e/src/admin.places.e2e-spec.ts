import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { adminToken, api, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const superAdmin = { 'x-api-key': demo.superAdmin.apiKey };
const orgAdmin = { 'x-atlas-api-key': demo.apiKey };
const name = 'Réseau & Söhne';

/** An organisation of this spec's own, made by the deployment's key. */
async function organisation(): Promise<string> {
  const answer = await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name, slug: unique('org') } });
  expect(answer.status).toBe(201);
  return answer.body.org_id as string;
}

describe('organisations', () => {
  it('are made, read, renamed and deleted by the super administrator', async () => {
    const slug = unique('acme');
    const made = await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: ' Acme ', slug } });
    expect([made.status, made.body]).toEqual([201, { org_id: expect.any(String), name: 'Acme', slug, created_at: expect.any(String), updated_at: expect.any(String) }]);
    const path = `/v1/admin/orgs/${made.body.org_id}`;
    expect((await api.get(path, { headers: superAdmin })).body).toEqual(made.body);
    expect((await api.patch(path, { headers: superAdmin, body: { name: 'Acme Ltd', slug: null } })).body).toMatchObject({ name: 'Acme Ltd', slug });
    expect((await api.get('/v1/admin/orgs?page_size=1', { headers: superAdmin })).body).toMatchObject({ orgs: [expect.anything()], page_size: 1 });
    expect((await api.delete(path, { headers: superAdmin })).status).toBe(204);
    expect((await api.delete(path, { headers: superAdmin })).status).toBe(404);
  });

  it('say what is wrong with a wrong one', async () => {
    const send = (body: unknown) => api.post('/v1/admin/orgs', { headers: superAdmin, body });
    const slug = unique('taken');
    await send({ name, slug });
    expect((await send({ name, slug })).body).toMatchObject({ status: 409, code: 'slug-taken', errors: [{ path: 'slug' }] });
    expect((await send({ name, slug: 'users' })).body).toMatchObject({ status: 400, code: 'slug-reserved', errors: [{ path: 'slug' }] });
    expect((await send({ name: '', slug: 'Not A Slug', colour: 'red' })).body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['colour', 'name', 'slug']);
  });

  it('are made by nobody else, and listed as far as one is a member', async () => {
    const bearer = await adminToken();
    expect((await api.post('/v1/admin/orgs', { bearer, body: { name, slug: unique('mine') } })).status).toBe(403);
    for (const credentials of [{ bearer }, { headers: orgAdmin }]) {
      expect((await api.get('/v1/admin/orgs', credentials)).body.orgs.map((one: { org_id: string }) => one.org_id)).toEqual([demo.org.id]);
    }
    expect((await api.patch(`/v1/admin/orgs/${demo.org.id}`, { bearer, body: {} })).status).toBe(200);
    expect((await api.get('/v1/admin/orgs')).status).toBe(401);
  });
});

describe('teams and projects', () => {
  let orgId: string;
  beforeAll(async () => {
    orgId = await organisation();
  });

  it('are made in an organisation, the project in a team or none, and found by what they are listed under', async () => {
    const team = await api.post('/v1/admin/teams', { headers: superAdmin, body: { org_id: orgId, name: 'Support' } });
    expect([team.status, team.body]).toMatchObject([201, { team_id: expect.any(String), org_id: orgId, name: 'Support' }]);
    expect((await api.post('/v1/admin/teams', { headers: superAdmin, body: { org_id: orgId, name: 'Support' } })).status).toBe(409);
    const slug = unique('shop');
    const settings = { rate_limit: 600, allowed_services: ['engagement'], event_retention_days: 30 };
    const project = await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: orgId, team_id: team.body.team_id, name, slug, metadata: { cost_centre: 7 }, settings } });
    expect([project.status, project.body]).toMatchObject([201, { project_id: expect.any(String), org_id: orgId, team_id: team.body.team_id, slug, metadata: { cost_centre: 7 }, settings }]);
    const path = `/v1/admin/projects/${project.body.project_id}`;
    expect((await api.get(path, { headers: superAdmin })).body).toEqual(project.body);
    const listed = await Promise.all([`org_id=${orgId}`, `team_id=${team.body.team_id}`].map((query) => api.get(`/v1/admin/projects?${query}`, { headers: superAdmin })));
    for (const { body } of listed) expect(body.projects).toEqual([project.body]);
    expect((await api.get(`/v1/admin/teams?org_id=${orgId}`, { headers: superAdmin })).body.teams).toEqual([team.body]);

    const changed = await api.patch(path, { headers: superAdmin, body: { team_id: '', metadata: { cost_centre: null, stage: 'beta' }, settings: { rate_limit: null } } });
    expect(changed.body).toMatchObject({ team_id: null, metadata: { stage: 'beta' }, settings: { allowed_services: ['engagement'], event_retention_days: 30 } });
    expect(changed.body.settings).not.toHaveProperty('rate_limit');
  });

  it('refuse settings that mean nothing, naming each', async () => {
    const settings = { rate_limit: 0, allowed_services: ['fax'], allowed_origins: ['https://app.example.com/path'], event_retention_days: 1.5, force_password_change: 'yes', colour: 'red' };
    const { status, body } = await api.patch(`/v1/admin/projects/${demo.project.id}`, { headers: superAdmin, body: { settings } });
    const named = body.errors.map(({ path }: { path: string }) => path).sort();
    expect([status, named]).toEqual([400, ['settings.allowed_origins[0]', 'settings.allowed_services[0]', 'settings.colour', 'settings.event_retention_days', 'settings.force_password_change', 'settings.rate_limit']]);
  });

  it('keep metadata as it was sent, but what is null, and refuse what could not be kept', async () => {
    const create = (metadata: unknown) => api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: orgId, name, slug: unique('meta'), metadata } });
    const metadata = { ünï: ['ça', { deep: [1.5, true, null, '😀'] }] };
    expect((await create(metadata)).body.metadata).toEqual(metadata);
    expect((await create({ kept: 1, none: null })).body.metadata).toEqual({ kept: 1 });
    let deep: unknown = 'x';
    for (let n = 0; n < 21; n += 1) deep = [deep];
    for (const wrong of [{ deep }, { large: 'x'.repeat(17_000) }, { zero: 'a\u0000b' }, { half: '\ud800' }, [1], 'text']) {
      expect((await create(wrong)).body).toMatchObject({ status: 400, errors: [{ path: 'metadata' }] });
    }
  });

  it('are not there for those who have nothing to do with them', async () => {
    const same = { headers: { ...orgAdmin, 'x-request-id': 'same' } };
    const { team_id: teamId } = (await api.post('/v1/admin/teams', { headers: superAdmin, body: { org_id: orgId, name: unique('Hidden') } })).body;
    const { project_id: projectId } = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: orgId, name, slug: unique('hidden') } })).body;
    const tries: ((ids: { org: string; team: string; project: string }) => [string, string, unknown?])[] = [
      ({ org }) => ['GET', `/v1/admin/orgs/${org}`],
      ({ org }) => ['PATCH', `/v1/admin/orgs/${org}`, { name }],
      ({ org }) => ['POST', '/v1/admin/teams', { org_id: org, name }],
      ({ org }) => ['POST', '/v1/admin/projects', { org_id: org, name, slug: unique('x') }],
      ({ team }) => ['POST', '/v1/admin/projects', { org_id: demo.org.id, team_id: team, name, slug: unique('x') }],
      ({ org }) => ['GET', `/v1/admin/teams?org_id=${org}`],
      ({ team }) => ['GET', `/v1/admin/projects?team_id=${team}`],
      ({ team }) => ['GET', `/v1/admin/teams/${team}`],
      ({ team }) => ['DELETE', `/v1/admin/teams/${team}`],
      ({ project }) => ['GET', `/v1/admin/projects/${project}`],
      ({ project }) => ['PATCH', `/v1/admin/projects/${project}`, { name }],
      ({ project }) => ['DELETE', `/v1/admin/projects/${project}`],
      ({ team }) => ['PATCH', `/v1/admin/projects/${demo.project.id}`, { team_id: team }],
    ];
    for (const attempt of tries) {
      const answers = [];
      for (const ids of [{ org: orgId, team: teamId, project: projectId }, { org: randomUUID(), team: randomUUID(), project: randomUUID() }, { org: 'acme', team: 'x', project: 'demo-app' }]) {
        const [method, path, body] = attempt(ids);
        answers.push(await api.send(method, path, { ...same, ...(body === undefined ? {} : { body }) }));
      }
      expect([attempt({ org: 'O', team: 'T', project: 'P' }).slice(0, 2), ...answers.map(({ status }) => status)]).toEqual([attempt({ org: 'O', team: 'T', project: 'P' }).slice(0, 2), 404, 404, 404]);
      expect(answers[0]!.text).toBe(answers[1]!.text);
    }
  });

  it('are deleted from the inside out; a project goes once it has no users', async () => {
    const org = await organisation();
    const { team_id } = (await api.post('/v1/admin/teams', { headers: superAdmin, body: { org_id: org, name: 'Doomed' } })).body;
    const slug = unique('doomed');
    const { project_id } = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: org, team_id, name, slug } })).body;
    const { key, secret } = (await api.post(`/v1/admin/projects/${project_id}/engagement-keys`, { headers: superAdmin, body: {} })).body;
    await api.post('/v1/users', { basic: [key, secret], body: { id: 'ada' } });
    const remove = (path: string) => api.delete(`/v1/admin/${path}`, { headers: superAdmin });
    expect((await remove(`orgs/${org}`)).body).toMatchObject({ status: 409, code: 'organisation-in-use', detail: expect.stringMatching(/1 project and 1 team/) });
    expect((await remove(`teams/${team_id}`)).body).toMatchObject({ status: 409, code: 'team-in-use', detail: expect.stringMatching(/1 project/) });
    expect((await remove(`projects/${project_id}`)).body).toMatchObject({ status: 409, code: 'project-in-use' });
    expect((await api.delete('/v1/users/ada', { basic: [key, secret] })).status).toBe(200);
    for (const path of [`projects/${project_id}`, `teams/${team_id}`, `orgs/${org}`]) expect([path, (await remove(path)).status]).toEqual([path, 204]);
    await eventually(async () => expect((await api.post('/v1/users', { basic: [key, secret], body: { id: 'late' } })).status).toBe(401));
    const again = await organisation();
    expect((await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: again, name, slug } })).status).toBe(201);
  });
});

describe('a project that is deleted with its users', () => {
  it('lets nobody in any more, and has its users erased', async () => {
    const org_id = await organisation();
    const { project_id } = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id, name: 'Doomed', slug: unique('doomed') } })).body;
    const inside = `/v1/admin/projects/${project_id}`;
    const { key, secret } = (await api.post(`${inside}/engagement-keys`, { headers: superAdmin, body: {} })).body;
    const basic: [string, string] = [key, secret];
    const userId = (await api.post('/v1/users', { basic, body: { id: 'doomed', email: 'doomed@example.com', meta: { canary: unique('canary') } } })).body.id;
    await api.post('/v1/users/doomed/events', { basic, body: { event: 'Was here' } });
    expect((await api.post(`/${project_id}/users/${userId}/change-password`, { headers: superAdmin, body: { password: 'correct horse battery' } })).status).toBe(200);
    const { access_token: bearer } = (await api.post(`/${project_id}/users/login`, { body: { username: 'doomed@example.com', password: 'correct horse battery' } })).body;
    expect((await api.delete(inside, { headers: superAdmin })).body).toMatchObject({ status: 409, code: 'project-in-use' });
    expect((await api.delete(`${inside}?users=keep`, { headers: superAdmin })).status).toBe(400);
    expect((await api.delete(`${inside}?users=erase`, { headers: superAdmin })).status).toBe(204);
    await eventually(async () => {
      expect((await api.get('/v1/users/doomed', { basic })).status).toBe(401);
      expect((await api.get('/v1/auth/me', { bearer })).status).toBe(401);
      expect((await api.get(`/${project_id}/users`, { headers: superAdmin })).status).toBe(404);
    });
    // Erased as users are: asked for by Rollcall itself, and once it is done a hash stands for the id.
    const erasure = async () => (await api.get('/v1/admin/audit?action=user.erasure-requested&limit=100', { headers: superAdmin })).body.entries.find((entry: { project_id: string | null }) => entry.project_id === project_id);
    await eventually(async () => expect(await erasure()).toMatchObject({ actor: { type: 'system', id: 'rollcall' }, target: { id: expect.stringMatching(/^erased:/) } }), 30_000);
    const trail = (await api.get(`/v1/admin/orgs/${org_id}/audit?limit=100`, { headers: superAdmin })).body.entries.map(({ action }: { action: string }) => action);
    expect(trail).toEqual(expect.arrayContaining(['project.deleted', 'engagement-key.revoked']));
  });
});

describe('the figures of a project', () => {
  it('tell every day that was asked for, with what happened a moment ago', async () => {
    const orgId = await organisation();
    const slug = unique('figures');
    const { project_id: projectId } = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: orgId, name, slug } })).body;
    const { key } = (await api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers: superAdmin, body: { name } })).body;
    for (const path of ['', '/ada/events', '/ada/events']) expect((await api.post(`/v1/users${path}`, { basic: [key, ''], body: path === '' ? { id: 'ada' } : { event: 'Paid' } })).status).toBe(200);
    expect((await api.post(`/${slug}/users/login`, { body: { username: 'ada', password: 'wrong horse' } })).status).toBe(401);
    const figures = (query = '') => api.get(`/v1/admin/projects/${projectId}/figures${query}`, { headers: superAdmin });
    await eventually(async () => {
      const { days } = (await figures()).body;
      expect(days).toHaveLength(30);
      expect(days.at(-1)).toEqual({ day: new Date().toISOString().slice(0, 10), users: 1, active_users: 1, events: 2, logins: 0, failed_logins: 1 });
    });
    const nothing = { users: null, active_users: 0, events: 0, logins: 0, failed_logins: 0 };
    expect((await figures('?from=2024-02-28&to=2024-03-01')).body).toEqual({ days: ['2024-02-28', '2024-02-29', '2024-03-01'].map((day) => ({ day, ...nothing })) });
    expect((await figures('?from=2024-01-01&to=2024-12-31')).body.days).toHaveLength(366);
    expect((await figures('?to=9999-12-31')).body.days.at(-1)).toEqual({ day: '9999-12-31', ...nothing });
    expect((await figures('?to=0001-01-05')).body.days).toHaveLength(5);
    for (const wrong of ['from=2024-01-01&to=2025-01-01', 'from=2024-03-01&to=2024-02-28', 'from=yesterday', 'to=2023-02-29', 'to=0000-12-31']) expect([wrong, (await figures(`?${wrong}`)).body]).toMatchObject([wrong, { status: 400, errors: [expect.anything()] }]);
  });
});
