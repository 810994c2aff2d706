import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, platform, projectSlug, unique } from './platform-under-test.js';

const { demo } = platform;
const superAdmin = { 'x-api-key': demo.superAdmin.apiKey };
const orgAdmin = { 'x-api-key': demo.apiKey };
const services = ['profiles', 'identity', 'membership', 'operations'];

const make = async (thing: string, body: object) => (await api.post(`/v1/admin/${thing}`, { headers: superAdmin, body })).body as Record<string, string>;
const done = async (path: string, credentials: object) =>
  eventually(async () => {
    const answer = await api.get(path, credentials);
    expect(answer.body).toMatchObject({ state: 'done' });
    return answer.body as { job_id: string; receipt: { sequence: number; user_hashes: string[] } };
  }, 90_000);

describe('an erasure', () => {
  let foreign: { org_id: string; key: string };
  beforeAll(async () => {
    const { org_id } = await make('orgs', { name: 'Foreign', slug: unique('foreign').toLowerCase() });
    foreign = { org_id: org_id!, key: (await api.post(`/v1/admin/orgs/${org_id}/api-keys`, { headers: superAdmin, body: { name: 'k', role: 'org_admin' } })).body.key as string };
  });

  it('is one job, whichever surface asks for it, and every surface shows it to those who may erase there', async () => {
    const bearer = await environmentToken();
    const ids = [unique('one'), unique('two'), unique('three')] as const;
    const made = await Promise.all(ids.map(async (id) => (await api.post('/v1/users', { basic: keyAndSecret, body: { id } })).body.id as string));
    const byKey = await api.delete(`/v1/users/${ids[0]}`, { basic: keyAndSecret });
    expect([byKey.status, byKey.text]).toEqual([200, '{"status":"ok"}']);
    const byProject = await api.delete(`/${projectSlug}/users/${made[1]}`, { headers: orgAdmin });
    expect([byProject.status, byProject.text]).toEqual([204, '']);
    const byEnvironment = (await api.put('/delete-users', { bearer, body: { data: [ids[2]] } })).body.job_id as string;

    for (const job of [byKey.headers.get('x-rollcall-job-id'), byProject.headers.get('x-rollcall-job-id'), byEnvironment]) {
      const { receipt } = await done(`/v1/erasures/${job}`, { basic: keyAndSecret });
      expect((await api.get(`/delete-users/${job}`, { bearer })).body).toMatchObject({ data: { job_id: job, state: 'done', receipt } });
      expect((await api.get(`/${projectSlug}/erasures/${job}`, { headers: orgAdmin })).body).toMatchObject({ job_id: job, state: 'done', receipt });
      expect((await api.get(`/v1/admin/erasures/${job}`, { headers: orgAdmin })).body).toMatchObject({
        job_id: job, state: 'done', project_id: demo.project.id, users: 1, receipt, requested_at: expect.any(String), finished_at: expect.any(String),
        services: services.map((service) => ({ service, state: 'done', attempts: expect.any(Number), finished_at: expect.any(String) })),
      });
      const refused = await api.get(`/v1/admin/erasures/${job}`, { headers: { 'x-api-key': foreign.key } });
      expect([refused.status, refused.body.code]).toEqual([404, 'job-not-found']);
    }
    for (const path of ['/v1/erasures/no-such', `/v1/erasures/${made[0]}`]) expect((await api.get(path, { basic: keyAndSecret })).status).toBe(404);
    for (const path of [`/${projectSlug}/erasures/no-such`, '/v1/admin/erasures/no-such', `/v1/admin/erasures/${made[0]}`]) expect((await api.get(path, { headers: superAdmin })).body.code).toBe('job-not-found');
  });

  it('of staff is shown to the administrators of their organisation and of the deployment, and to nobody else', async () => {
    const slug = unique('own').toLowerCase();
    const { org_id } = await make('orgs', { name: 'Own', slug });
    const keyOf = async (role: string) => ({ headers: { 'x-api-key': (await api.post(`/v1/admin/orgs/${org_id}/api-keys`, { headers: superAdmin, body: { name: role, role } })).body.key as string } });
    const [admin, viewer] = [await keyOf('org_admin'), await keyOf('viewer')];
    const { user } = (await api.post('/v1/admin/users/invite', { ...admin, body: { user_email: `${slug}@example.com`, role: 'member', org_id } })).body as { user: { user_id: string } };

    const erased = await api.post(`/v1/admin/users/${user.user_id}/erase`, admin);
    const path = `/v1/admin/erasures/${erased.body.job_id}`;
    expect([erased.status, erased.headers.get('location'), erased.headers.get('x-rollcall-job-id')]).toEqual([202, path, erased.body.job_id]);
    const { receipt } = await done(path, admin);
    expect((await api.get(path, { headers: superAdmin })).body).toMatchObject({ state: 'done', project_id: null, users: 1, receipt });
    for (const credentials of [viewer, { headers: { 'x-api-key': foreign.key } }, { headers: orgAdmin }]) expect((await api.get(path, credentials)).status).toBe(404);

    const list = (of: string, credentials: object) => api.get(`/v1/admin/orgs/${of}/receipts`, credentials);
    expect((await list(org_id!, admin)).body.receipts).toEqual([receipt]);
    expect((await list(foreign.org_id, { headers: superAdmin })).body).toEqual({ receipts: [], next_cursor: null, limit: 50 });
    expect((await list(org_id!, viewer)).status).toBe(403);
    expect((await list(org_id!, { headers: { 'x-api-key': foreign.key } })).status).toBe(404);
  });
});
