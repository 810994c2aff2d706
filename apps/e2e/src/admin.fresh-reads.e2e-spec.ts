import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '#libs/platform/testing';
import { allGateways, platform, running, unique } from './platform-under-test.js';
import { newOrgAdmin, type StaffMember } from './staff.js';

const headers = { 'x-api-key': platform.demo.superAdmin.apiKey };
/** The one that is written to, and the one that is asked next. */
let here: ApiClient;
let there: ApiClient;
let org: string;
let person: StaffMember;

beforeAll(async () => {
  const gateways = await allGateways();
  [here, there] = [gateways[0]!, gateways.at(-1)!];
  org = (await here.post('/v1/admin/orgs', { headers, body: { name: 'Fresh', slug: unique('fresh') } })).body.org_id;
  person = await newOrgAdmin(org);
  const other = await newOrgAdmin(org);
  expect((await here.put(`/v1/admin/orgs/${org}/members/${person.userId}`, { bearer: other.bearer, body: { role: 'member' } })).status).toBeLessThan(300);
});

afterAll(() => running.restore());

const newProject = async (slug = unique('fresh')) => {
  const { status, body } = await here.post('/v1/admin/projects', { headers, body: { org_id: org, name: 'Fresh', slug } });
  expect(status).toBe(201);
  return { id: body.project_id as string, slug };
};
const register = (project: string) => there.post(`/${project}/users/register`, { headers, body: { username: unique('fresh') } });

describe('what was changed on the admin surface', () => {
  it('goes for the next request of the project surface, at whichever gateway: of a slug that another project has now', async () => {
    const one = await newProject();
    expect((await register(one.slug)).status).toBe(200);
    expect((await here.patch(`/v1/admin/projects/${one.id}`, { headers, body: { slug: unique('renamed') } })).status).toBe(200);
    const two = await newProject(one.slug);
    const { result } = (await register(one.slug)).body;
    expect([(await there.get(`/${one.id}/users/${result}`, { headers })).status, (await there.get(`/${two.id}/users/${result}`, { headers })).status]).toEqual([404, 200]);
  });

  it('goes for it of a project that is gone', async () => {
    const { id, slug } = await newProject();
    for (const name of [id, slug]) expect((await there.get(`/${name}/users`, { headers })).status).toBe(200);
    expect((await here.delete(`/v1/admin/projects/${id}`, { headers })).status).toBe(204);
    for (const name of [id, slug]) expect((await register(name)).status).toBe(404);
  });

  it('goes for it of the roles of staff, and of who has none any more', async () => {
    const { id } = await newProject();
    const member = `/v1/admin/projects/${id}/members/${person.userId}`;
    const seen = async () => {
      const { status, body } = await there.get(`/${id}/users/${person.userId}`, { headers });
      return status === 200 ? body.roles : status;
    };
    expect(await seen()).toBe(404);
    for (const role of ['viewer', 'editor']) {
      expect((await here.put(member, { headers, body: { role } })).status).toBeLessThan(300);
      expect(await seen()).toEqual([role]);
    }
    expect((await here.delete(member, { headers })).status).toBe(204);
    expect(await seen()).toBe(404);
    await here.put(member, { headers, body: { role: 'viewer' } });
    expect((await there.delete(`/${id}/users/${person.userId}`, { headers })).status).toBe(204);
    expect(await here.get(`/${id}/users/${person.userId}`, { headers })).toMatchObject({ status: 404 });
  });
});
