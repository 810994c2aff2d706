import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { pause } from '#libs/platform/testing';
import { adminToken, api, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const superAdmin = { 'x-api-key': demo.superAdmin.apiKey };

/** The demo's two people; an organisation of this spec's own, with a team and a project. */
let admin: { bearer: string; id: string };
let root: { bearer: string; id: string };
let orgId: string;
let teamId: string;
let projectId: string;

async function logIn(email: string, password: string): Promise<{ bearer: string; id: string }> {
  const { body } = await api.post('/v1/auth/login', { body: { email, password } });
  return { bearer: body.access_token as string, id: body.user.user_id as string };
}

const put = (path: string, body: unknown) => api.put(`/v1/admin/${path}`, { headers: superAdmin, body });
const me = (path = '') => api.get(`/v1/admin/users/me${path}`, { bearer: admin.bearer });

beforeAll(async () => {
  [admin, root] = await Promise.all([logIn(demo.admin.email, demo.admin.password), logIn(demo.superAdmin.email, demo.superAdmin.password)]);
  orgId = (await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Own', slug: unique('own') } })).body.org_id;
  teamId = (await api.post('/v1/admin/teams', { headers: superAdmin, body: { org_id: orgId, name: 'Own team' } })).body.team_id;
  projectId = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: orgId, team_id: teamId, name: 'Own project', slug: unique('own'), metadata: { stage: 'beta' }, settings: { rate_limit: 9 } } })).body.project_id;
});

describe('people', () => {
  it('are told by the answer to their login who they are, as they are when they ask for themselves', async () => {
    const { access_token: bearer, user } = (await api.post('/v1/auth/login', { body: { email: demo.admin.email, password: demo.admin.password } })).body;
    expect(user).toEqual((await api.get('/v1/admin/users/me', { bearer })).body);
    expect(user).toMatchObject({ preferences: expect.any(Object), last_login_at: expect.any(String), orgs: expect.arrayContaining([expect.objectContaining({ org_id: demo.org.id, role: 'org_admin', status: 'active' })]) });
  });

  it('are made members by somebody who may, and are listed under their names at once', async () => {
    expect((await put(`orgs/${orgId}/members/${root.id}`, { role: 'org_admin' })).body).toMatchObject({ user_id: root.id, user_email: demo.superAdmin.email, role: 'org_admin', status: 'active' });
    const listed = await api.get(`/v1/admin/users?org_id=${orgId}&search=SUPER%20ad&sort_by=name&sort_order=asc`, { headers: superAdmin });
    expect(listed.body).toMatchObject({ users: [{ user_id: root.id, user_email: demo.superAdmin.email, global_role: 'super_admin', status: 'active', orgs: [{ org_id: orgId, org_name: 'Own', role: 'org_admin', status: 'active' }] }], next_cursor: null, page_size: 50 });
    expect(listed.body.users[0].last_login_at).toEqual(expect.any(String));
    expect((await api.get(`/v1/admin/orgs/${orgId}/members`, { headers: superAdmin })).body.members).toHaveLength(1);
    expect((await put(`orgs/${orgId}/members/${root.id}`, { role: 'member' })).body).toMatchObject({ status: 409, code: 'last-org-admin' });
    expect((await api.delete(`/v1/admin/orgs/${orgId}/members/${root.id}`, { headers: superAdmin })).status).toBe(409);
    const half = await api.patch(`/v1/admin/users/${root.id}`, { headers: superAdmin, body: { user_name: 'Half Done', status: 'inactive' } });
    expect(half.body).toMatchObject({ status: 409, code: 'last-org-admin' });
    expect((await api.get(`/v1/admin/users/${root.id}`, { headers: superAdmin })).body.user_name).not.toBe('Half Done');
    for (const unknown of [randomUUID(), 'nobody']) expect((await put(`orgs/${orgId}/members/${unknown}`, { role: 'member' })).body).toMatchObject({ status: 404, code: 'user-not-found' });
  });

  it('reach by a team what lies below it, and nothing above; removed, within a second nothing any more', async () => {
    expect((await put(`orgs/${orgId}/members/${admin.id}`, { role: 'member' })).status).toBe(200);
    expect((await put(`teams/${teamId}/members/${admin.id}`, { role: 'team_member' })).status).toBe(200);
    expect((await me('/teams')).body.teams).toContainEqual({ team_id: teamId, team_name: 'Own team', org_id: orgId, role: 'team_member' });
    const mine = { project_id: projectId, project_name: 'Own project', team_id: teamId, role: 'viewer', access_type: 'implicit', metadata: { stage: 'beta' }, settings: { rate_limit: 9 } };
    expect((await me(`/projects?team_id=${teamId}`)).body).toEqual({ projects: [mine] });
    expect((await put(`projects/${projectId}/members/${admin.id}`, { role: 'editor' })).status).toBe(200);
    const { metadata: _, ...bare } = mine;
    expect((await me('/projects?include_metadata=false')).body.projects).toContainEqual({ ...bare, role: 'editor', access_type: 'explicit' });
    expect((await me('')).body).toMatchObject({ user_id: admin.id, orgs: expect.arrayContaining([expect.objectContaining({ org_id: demo.org.id, role: 'org_admin' }), expect.objectContaining({ org_id: orgId, role: 'member' })]) });
    const memberships = { teams: [{ team_id: teamId, team_name: 'Own team', role: 'team_member', assigned_at: expect.any(String) }], projects: [{ project_id: projectId, project_name: 'Own project', team_id: teamId, role: 'editor', assigned_at: expect.any(String) }] };
    expect((await api.get(`/v1/admin/users/${admin.id}/memberships`, { bearer: root.bearer })).body).toMatchObject(memberships);
    expect((await api.get(`/v1/admin/users?team_id=${teamId}`, { bearer: admin.bearer })).body.users.map((one: { user_id: string }) => one.user_id)).toEqual([admin.id]);
    expect((await api.get(`/v1/admin/users?org_id=${orgId}`, { bearer: admin.bearer })).status).toBe(403);
  });

  it('have their access explained, and asked for', async () => {
    const access = await api.get(`/v1/admin/users/${admin.id}/access?project_id=${projectId}`, { bearer: root.bearer });
    // A plain member of the organisation has nothing in the project by that.
    expect(access.body).toMatchObject({ user_id: admin.id, roles: [{ role: 'team_member', path: 'team' }, { role: 'editor', path: 'direct' }] });
    expect(access.body.permissions).toEqual(expect.arrayContaining(['users:read', 'events:write']));
    // An answer about one of two places would be taken for one about the other.
    expect((await api.get(`/v1/admin/users/${admin.id}/access?project_id=${projectId}&team_id=${teamId}`, { bearer: root.bearer })).status).toBe(400);
    const ask = (body: unknown) => api.post('/v1/admin/access/check', { headers: superAdmin, body });
    const question = { user_id: admin.id, permission: 'events:write', project_id: projectId };
    // Only the roles that give it: the team's gives reading alone.
    expect((await ask(question)).body).toEqual({ allowed: true, paths: [{ level: 'project', role: 'editor' }] });
    expect((await ask({ ...question, permission: 'events:read' })).body).toEqual({ allowed: true, paths: [{ level: 'team', role: 'team_member' }, { level: 'project', role: 'editor' }] });
    expect((await ask({ ...question, permission: 'users:write' })).body).toEqual({ allowed: false, paths: [] });
    expect((await ask({ ...question, user_id: randomUUID() })).body).toEqual({ allowed: false, paths: [] });
    expect((await ask({ ...question, permission: 'fly' })).body).toMatchObject({ status: 400, errors: [{ path: 'permission' }] });
    expect((await ask({ user_id: admin.id, permission: 'org:read' })).status).toBe(400);
    const checks = [question, { ...question, project_id: randomUUID() }, { user_id: admin.id, permission: 'org:write', org_id: orgId }];
    expect((await api.post('/v1/admin/access/check/batch', { headers: superAdmin, body: { checks } })).body.results).toMatchObject([{ allowed: true, paths: [{ level: 'project', role: 'editor' }] }, { allowed: false, error: 'project-not-found' }, { allowed: false }]);
  });

  it('of a project have their access explained as it is asked for, and no part in the administration of the project', async () => {
    const register = async (roles: string[]) => (await api.post(`/${projectId}/users/register`, { headers: superAdmin, body: { username: unique('own'), roles } })).body.result as string;
    const [editor, nobody] = [await register(['project_admin', 'editor']), await register([])];
    const explained = (userId: string, where: string) => api.get(`/v1/admin/users/${userId}/access?${where}`, { bearer: admin.bearer });
    const ask = async (user_id: string, permission: string) => (await api.post('/v1/admin/access/check', { headers: superAdmin, body: { user_id, permission, project_id: projectId } })).body as unknown;
    const direct = (role: string) => ({ level: 'project', role });
    expect((await explained(editor, `project_id=${projectId}`)).body).toEqual({
      user_id: editor, roles: [{ ...direct('editor'), path: 'direct' }, { ...direct('project_admin'), path: 'direct' }],
      permissions: ['users:read', 'users:write', 'users:delete', 'roles:write', 'events:read', 'events:write', 'segments:write'],
    });
    expect(await ask(editor, 'events:write')).toEqual({ allowed: true, paths: [direct('editor'), direct('project_admin')] });
    expect(await ask(editor, 'users:delete')).toEqual({ allowed: true, paths: [direct('project_admin')] });
    expect(await ask(editor, 'project:administer')).toEqual({ allowed: false, paths: [] });
    expect((await explained(nobody, `project_id=${projectId}`)).body).toEqual({ user_id: nobody, roles: [], permissions: [] });
    expect(await ask(nobody, 'users:read')).toEqual({ allowed: false, paths: [] });
    // Elsewhere they are nobody.
    const unknown = (await explained(randomUUID(), `project_id=${demo.project.id}`)).body as object;
    for (const where of [`project_id=${demo.project.id}`, `team_id=${teamId}`, `org_id=${orgId}`]) expect((await explained(editor, where)).body).toEqual({ ...unknown, request_id: expect.any(String) });
  });

  it('are not the users of a project, whom nobody deletes as staff, or makes one of them', async () => {
    const [name, key] = [unique('customer'), { 'x-api-key': demo.apiKey }];
    const { result: id } = (await api.post(`/${demo.project.slug}/users/register`, { headers: key, body: { username: name, password: 'correct horse battery', roles: ['viewer'] } })).body as { result: string };
    const { access_token: bearer } = (await api.post(`/${demo.project.slug}/users/login`, { body: { username: name, password: 'correct horse battery' } })).body as { access_token: string };
    const missing = { status: 404, body: { code: 'user-not-found' } };
    const tried = async () => [
      await api.get(`/v1/admin/users/${id}/memberships`, { headers: superAdmin }),
      await api.delete(`/v1/admin/users/${id}`, { headers: superAdmin }),
      await api.post(`/v1/admin/users/${id}/erase`, { headers: superAdmin }),
      await api.post(`/v1/admin/users/${id}/restore`, { headers: superAdmin }),
      await api.patch(`/v1/admin/users/${id}`, { headers: superAdmin, body: { global_role: 'super_admin' } }),
      await put(`orgs/${demo.org.id}/members/${id}`, { role: 'member' }),
      await put(`projects/${demo.project.id}/members/${id}`, { role: 'viewer' }),
    ];
    expect(await tried()).toMatchObject(Array(7).fill(missing));
    expect((await api.get(`/${demo.project.slug}/users?size=1`, { bearer })).status).toBe(200);
    expect((await api.get(`/v1/admin/users/${id}/access?project_id=${demo.project.id}`, { headers: superAdmin })).body.roles).toEqual([{ level: 'project', role: 'viewer', path: 'direct' }]);
    // Nor are they when they have lost their roles.
    await api.put(`/${demo.project.slug}/users/${id}`, { headers: key, body: { roles: [] } });
    expect(await tried()).toMatchObject(Array(7).fill(missing));
  });

  it('have the projects of a team that are theirs, by whatever role; of any other team, and of none that there is, they hear the same', async () => {
    const made = (what: string, body: object) => api.post(`/v1/admin/${what}`, { headers: superAdmin, body });
    const { team_id } = (await made('teams', { org_id: orgId, name: unique('team') })).body;
    const [mine] = await Promise.all(['Mine', 'Not mine'].map(async (name) => (await made('projects', { org_id: orgId, team_id, name, slug: unique('own') })).body));
    expect((await put(`projects/${mine.project_id}/members/${admin.id}`, { role: 'project_admin' })).status).toBe(200);
    const filtered = await me(`/projects?team_id=${team_id}`);
    expect([filtered.status, filtered.body.projects]).toMatchObject([200, [{ project_id: mine.project_id, team_id, role: 'project_admin', access_type: 'explicit' }]]);
    expect((await me('/projects')).body.projects).toContainEqual(filtered.body.projects[0]);
    expect((await me(`/projects?team_id=${String(team_id).toUpperCase()}`)).body).toEqual(filtered.body);

    const { team_id: withoutMine } = (await made('teams', { org_id: orgId, name: unique('team') })).body;
    const { org_id } = (await made('orgs', { name: 'Foreign', slug: unique('foreign') })).body;
    const { team_id: foreign } = (await made('teams', { org_id, name: 'Foreign' })).body;
    await made('projects', { org_id, team_id: foreign, name: 'Foreign', slug: unique('foreign') });
    for (const team of [withoutMine, foreign, randomUUID(), 'nonsense']) expect(await me(`/projects?team_id=${team}`)).toMatchObject({ status: 200, text: '{"projects":[]}' });
  });

  it('are listed for their own organisation when they name none, and have to say which when they are in several', async () => {
    const fromKey = await api.get('/v1/admin/users', { headers: { 'x-api-key': demo.apiKey } });
    expect(fromKey.body.users.map((one: { user_id: string }) => one.user_id)).toContain(admin.id);
    // Of an organisation that the key has no part in, it learns nothing.
    expect(fromKey.body.users.find((one: { user_id: string }) => one.user_id === admin.id).orgs).toEqual([expect.objectContaining({ org_id: demo.org.id })]);
    expect((await api.get('/v1/admin/users', { bearer: admin.bearer })).body).toMatchObject({ status: 400, errors: [{ path: 'org_id' }] });
    expect((await api.get(`/v1/admin/users?org_id=${orgId}&team_id=${teamId}`, { headers: superAdmin })).status).toBe(400);
    for (const wrong of ['sort_by=shoe_size', 'sort_order=up', 'page_size=0', 'page_size=101', 'cursor=x', 'search=%00']) expect([wrong, (await api.get(`/v1/admin/users?org_id=${demo.org.id}&${wrong}`, { headers: superAdmin })).status]).toEqual([wrong, 400]);
  });

  it('are persons: an API key has no “me”', async () => {
    for (const path of ['', '/teams', '/projects']) expect((await api.get(`/v1/admin/users/me${path}`, { headers: superAdmin })).body).toMatchObject({ status: 403, code: 'user-required' });
  });

  it('lose everything with the organisation', async () => {
    expect((await api.delete(`/v1/admin/orgs/${orgId}/members/${admin.id}`, { headers: superAdmin })).status).toBe(204);
    const gone = async () => (await api.get(`/v1/admin/projects/${projectId}`, { bearer: admin.bearer })).status;
    await pause(1_000);
    expect(await gone()).toBe(404);
    expect((await api.get(`/v1/admin/users/${admin.id}/memberships`, { bearer: await adminToken() })).body).toEqual({ teams: [], projects: [] });
    expect((await api.get(`/v1/admin/users/${randomUUID()}`, { bearer: root.bearer })).status).toBe(404);
  });
});
