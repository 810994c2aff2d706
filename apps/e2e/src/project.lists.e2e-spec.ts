import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';
import { newOrgAdmin } from './staff.js';

const users = `/${projectSlug}/users`;
/** In the names of all users of this spec, and of nobody else. */
const mark = unique('listed').toLowerCase();
const ids: string[] = [];
let admin: string;

const list = (query: string, bearer = admin) => api.get(`${users}?${query}`, { bearer });
const count = async (query: string) => (await api.get(`${users}/count?${query}`, { bearer: admin })).body.result as number;
const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id);

beforeAll(async () => {
  admin = await adminToken();
  for (const [place, [firstName, plan]] of ([['Ada', 'pro'], ['Bob', 'free'], ['Cleo', 'pro'], ['Dora', 3], ['Emil', null]] as const).entries()) {
    const { body } = await api.post(`${users}/register`, {
      bearer: admin,
      body: { username: `${mark}-${place}`, email: `${place}.${mark}@example.com`, firstName, lastName: mark.toUpperCase(), roles: place < 2 ? ['viewer'] : [], isActive: place !== 4, attributes: plan === null ? {} : { plan } },
    });
    ids.push(body.result as string);
  }
});

describe('the list of a project’s users', () => {
  it('has them by page, with what there is in all', async () => {
    const first = await list(`search=${mark}&sort=firstName|asc&size=2`);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({ data: [expect.any(Object), expect.any(Object)], metadata: { currentPage: 1, pageSize: 2, hasPreviousPage: false, hasNextPage: true, totalPages: 3, count: 5 } });
    expect(first.body.data[0]).toEqual((await api.get(`${users}/${ids[0]}`, { bearer: admin })).body);
    const last = await list(`search=${mark}&sort=firstName&page=3&size=2`);
    expect([idsOf(last), last.body.metadata]).toEqual([[ids[4]], { currentPage: 3, pageSize: 2, hasPreviousPage: true, hasNextPage: false, totalPages: 3, count: 5 }]);
    const beyond = await list(`search=${mark}&page=9`);
    expect([beyond.body.data, beyond.body.metadata.count]).toEqual([[], 5]);
  });

  it.each([
    ['username', () => `username=${mark}-1`, [1]],
    ['username in another case', () => `username=${mark.toUpperCase()}-1`, []],
    ['search in any case', () => `search=${mark.toUpperCase()}`, [0, 1, 2, 3, 4]],
    ['roleId', () => `search=${mark}&roleId=viewer`, [0, 1]],
    ['an attribute', () => `search=${mark}&filter[attributes.plan][eq]=pro`, [0, 2]],
    ['a number in an attribute', () => `search=${mark}&filter[attributes.plan][gte]=3`, [3]],
    ['an attribute that is not', () => `search=${mark}&filter[attributes.plan][neq]=pro`, [1, 3, 4]],
    ['several values', () => `search=${mark}&filter[firstName][any]=Ada,Emil`, [0, 4]],
    ['several filters', () => `search=${mark}&filter[isActive][eq]=true&filter[firstName][gt]=Bob`, [2, 3]],
    ['encoded brackets', () => `search=${mark}&filter%5BfirstName%5D%5Bstarts%5D=Cl`, [2]],
    ['the email', () => `filter[email][eq]=3.${mark}@example.com`, [3]],
    ['roles', () => `search=${mark}&filter[roles][nany]=viewer,editor`, [2, 3, 4]],
  ])('is narrowed by %s, and its count says the same', async (_what, query, expected) => {
    const answer = await list(`${query()}&sort=username`);
    expect(idsOf(answer)).toEqual(expected.map((place) => ids[place]));
    expect([answer.body.metadata.count, await count(query())]).toEqual([expected.length, expected.length]);
  });

  it('sorts by every field, both ways', async () => {
    for (const field of ['id', 'firstName', 'lastName', 'username', 'email', 'mobilePhone', 'roles', 'isActive', 'createdAt', 'createdBy', 'modifiedAt', 'modifiedBy', 'notes']) {
      const [up, down] = [await list(`search=${mark}&sort=${field}|asc`), await list(`search=${mark}&sort=${field}|desc`)];
      expect([field, idsOf(up)]).toEqual([field, idsOf(down).reverse()]);
    }
    expect(idsOf(await list(`search=${mark}`))).toEqual([...ids].reverse());
  });

  it('has the staff too, with their roles in the project, and customers of the engagement surface', async () => {
    const { user } = (await api.post('/v1/auth/login', { body: { email: platform.demo.admin.email, password: platform.demo.admin.password } })).body;
    const staff = await list(`filter[id][eq]=${String(user.user_id)}`);
    expect(staff.body.data).toMatchObject([{ id: user.user_id, roles: ['project_admin'] }]);
    expect(idsOf(await list('roleId=project_admin&size=100'))).toContain(user.user_id);
    const { body: customer } = await api.post('/v1/users', { basic: keyOnly, body: { id: unique('customer'), first_name: `${mark}x` } });
    expect(idsOf(await list(`search=${mark}x`))).toEqual([customer.id]);
    await api.delete(`/v1/users/${String(customer.uid)}`, { basic: keyAndSecret });
    expect(await count(`search=${mark}x`)).toBe(0);
  });

  it.each([
    ['page=0', 'page'],
    ['page=x', 'page'],
    ['size=101', 'size'],
    ['size=0', 'size'],
    ['sort=password', 'sort'],
    ['sort=firstName|up', 'sort'],
    ['resolve=everything', 'resolve'],
    ['filter[nickname][eq]=x', 'filter[nickname][eq]'],
    ['filter[firstName][is]=x', 'filter[firstName][is]'],
    ['filter[firstName]=x', 'filter[firstName]'],
    ['filter[createdAt][gt]=yesterday', 'filter[createdAt][gt]'],
    ['filter[createdAt][gte]=2026-02-30', 'filter[createdAt][gte]'],
    ['filter[username][eq]=a%00b', 'filter[username][eq]'],
    ['filter[mobilePhone][eq]=1&filter[isActive][contains]=x', 'filter[isActive][contains]'],
    [Array.from({ length: 21 }, (_, place) => `filter[notes][neq]=${place}`).join('&'), 'filter'],
  ])('is refused for %s, naming it', async (query, path) => {
    const answer = await list(query);
    expect([answer.status, answer.body.errors.map((error: { path: string }) => error.path)]).toEqual([400, [path]]);
  });

  it('ends where pages are too far, and says how to go on', async () => {
    const answer = await list('page=402');
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([400, 'page-too-far', expect.stringContaining('sort by id')]);
    expect((await list('page=401')).status).toBe(200);
  });

  it('answers users in place of the ids in fields of the type user', async () => {
    const workbench = await environmentToken('workbench');
    expect((await api.put('/users/custom-profile-fields', { bearer: workbench, body: { name: 'manager', label: 'Manager', type: 'user' } })).status).toBe(200);
    const set = (manager: string) => api.put(`${users}/${ids[1]}`, { bearer: admin, body: { attributes: { manager } } });
    const refused = await set('Ada');
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'attributes.manager']);
    await set(ids[0]!);
    const boss = (await api.get(`${users}/${ids[0]}`, { bearer: admin })).body;
    const ofOne = await api.get(`${users}/${ids[1]}?resolve=references,media`, { bearer: admin });
    expect(ofOne.body.attributes).toEqual({ plan: 'free', manager: boss });
    expect((await list(`username=${mark}-1&resolve=references`)).body.data).toEqual([ofOne.body]);
    expect((await list(`username=${mark}-1&resolve=media,mediagallery`)).body.data[0].attributes.manager).toBe(ids[0]);
    const nobody = randomUUID();
    await set(nobody);
    expect((await api.get(`${users}/${ids[1]}?resolve=references`, { bearer: admin })).body.attributes.manager).toBe(nobody);
  });

  it('answers staff too in place of their ids, with their roles in the project, and no staff but those who have one', async () => {
    const superAdmin = { 'x-api-key': platform.demo.superAdmin.apiKey };
    expect((await api.put('/users/custom-profile-fields', { bearer: await environmentToken('workbench'), body: { name: 'agent', label: 'Agent', type: 'user' } })).status).toBe(200);
    const invited = async (place: object) => (await api.post('/v1/admin/users/invite', { headers: superAdmin, body: { user_email: `${unique('agent')}@example.com`, ...place } })).body.user.user_id as string;
    const agentOf = async (query: string) => (await api.get(`${users}/${ids[2]}${query}`, { bearer: admin })).body.attributes.agent as unknown;
    const set = async (agent: string) => expect((await api.put(`${users}/${ids[2]}`, { bearer: admin, body: { attributes: { agent } } })).status).toBe(200);

    const { user_id: administrator } = (await api.get('/v1/admin/users/me', { bearer: admin })).body as { user_id: string };
    const { userId: viewer } = await newOrgAdmin((await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Agency', slug: unique('agency').toLowerCase() } })).body.org_id as string);
    await set(viewer);
    expect(await agentOf('?resolve=references')).toBe(viewer);
    expect((await api.put(`/v1/admin/projects/${platform.demo.project.id}/members/${viewer}`, { headers: superAdmin, body: { role: 'viewer' } })).status).toBe(200);
    for (const [agent, role] of [[administrator, 'project_admin'], [viewer, 'viewer']] as const) {
      await set(agent);
      const { body: staff } = await api.get(`${users}/${agent}`, { bearer: admin });
      expect(await agentOf('?resolve=references')).toEqual(staff);
      expect(staff).toMatchObject({ id: agent, roles: [role] });
      expect((await list(`username=${mark}-2&resolve=references`)).body.data[0].attributes.agent).toEqual(staff);
      expect(await agentOf('')).toBe(agent);
    }
    // A plain member of the organisation is no user of the project, nor is who was invited and has not come.
    for (const stranger of [await invited({ role: 'member', org_id: platform.demo.org.id }), await invited({ role: 'viewer', project_id: platform.demo.project.id })]) {
      await set(stranger);
      expect(await agentOf('?resolve=references')).toBe(stranger);
    }
  });
});

describe('a foreign project', () => {
  it('and its users are answered like those that are not there, whatever is asked', async () => {
    const superAdmin = { 'x-api-key': platform.demo.superAdmin.apiKey };
    const { org_id } = (await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Foreign', slug: unique('foreign').toLowerCase() } })).body;
    const { project_id, slug } = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id, name: 'Foreign', slug: unique('foreign').toLowerCase() } })).body;
    const made = await api.post(`/${String(slug)}/users/register`, { headers: superAdmin, body: { username: 'theirs' } });
    expect(made.status).toBe(200);
    const theirs = made.body.result as string;
    const headers = { 'x-request-id': 'same' };
    const body = { permissions: [] };
    const calls: [string, string, object?][] = [
      ['GET', ''], ['GET', '/count'], ['POST', '/register', {}], ['GET', `/${theirs}`], ['PUT', `/${theirs}`, {}], ['DELETE', `/${theirs}`], ['POST', `/${theirs}/status`, { isActive: true }], ['POST', `/${theirs}/change-password`, { password: 'correct horse battery' }],
    ];
    for (const [method, path, sent] of calls) {
      const answers = await Promise.all([slug, project_id, 'no-such-project', randomUUID()].map((project) => api.send(method, `/${String(project)}/users${path}`, { bearer: admin, headers, ...(sent === undefined ? {} : { body: sent }) })));
      expect([method, path, answers.map(({ status }) => status)]).toEqual([method, path, [404, 404, 404, 404]]);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    }
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answers = await Promise.all([slug, 'no-such-project'].map((project) => api.send(method, `/${String(project)}/roles/support`, { bearer: admin, headers, ...(method === 'PUT' ? { body } : {}) })));
      expect([answers[0]!.status, answers[0]!.text]).toEqual([404, answers[1]!.text]);
    }
    // By way of one's own project, too.
    for (const [method, path, sent] of calls.slice(3)) {
      const answers = await Promise.all([theirs, randomUUID(), 'no-id'].map((id) => api.send(method, `${users}${path.replace(theirs, id)}`, { bearer: admin, headers, ...(sent === undefined ? {} : { body: sent }) })));
      expect([method, path, answers.map(({ status }) => status)]).toEqual([method, path, [404, 404, 404]]);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    }
    expect((await list(`filter[id][eq]=${theirs}`)).body.metadata.count).toBe(0);
  });
});
