import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permissionsAt, permissionsOfLevel, rolesOfLevel, type Level, type Role } from '#libs/contracts';
import { eventually, pause, type ApiAnswer } from '#libs/platform/testing';
import { takes } from './admin-matrix-rows.js';
import { platform as shared, running as platform, unique } from './platform-under-test.js';
import { newOrgAdmin, type StaffMember } from './staff.js';

const { demo } = shared;
/** Who gets every role in turn. */
let person: StaffMember;
let bearer: string;
let userId: string;

type Where = 'own' | 'sibling' | 'foreign';
type Ids = { org: string; team: string; project: string };
const wheres = ['own', 'sibling', 'foreign'] as const;
const places = {} as Record<Where, Ids>;
const unknown: Ids = { org: randomUUID(), team: randomUUID(), project: randomUUID() };

interface Rule {
  kind: string;
  permission?: string;
  permissions?: Partial<Record<Level, string>>;
  secret?: string;
  role?: string;
  from?: 'body' | 'query';
}
interface Endpoint {
  method: string;
  path: string;
  rule: Rule;
}
let endpoints: Endpoint[];
interface Question {
  endpoint: Endpoint;
  level: Level;
  permission: string;
  isNamed: boolean;
}

/** Kinds of rules, and the level at which they ask for a permission; null: none of a staff member's. A kind that is not here fails. */
const levelOf: Record<string, Level | null> = { 'admin-deployment': 'deployment', 'admin-organisation': 'organisation', 'admin-team': 'team', 'admin-project': 'project', project: 'project', 'admin-place': null, 'signed-in': null, admin: null, staff: null, anyone: null, engagement: null, environment: null, 'end-user': null };

const superAdmin = () => ({ 'x-api-key': demo.superAdmin.apiKey });
const make = async (thing: string, body: unknown, id: string) => (await platform.api.post(`/v1/admin/${thing}`, { headers: superAdmin(), body })).body[id] as string;

beforeAll(async () => {
  for (const where of ['own', 'foreign'] as const) {
    const org = await make('orgs', { name: where, slug: unique(where) }, 'org_id');
    const team = await make('teams', { org_id: org, name: where }, 'team_id');
    places[where] = { org, team, project: await make('projects', { org_id: org, team_id: team, name: where, slug: unique(`${where}-app`) }, 'project_id') };
  }
  const { org } = places.own;
  const team = await make('teams', { org_id: org, name: 'sibling' }, 'team_id');
  places.sibling = { org, team, project: await make('projects', { org_id: org, team_id: team, name: 'sibling', slug: unique('sibling-app') }, 'project_id') };
  // What can be deleted has something in it, so that being let in is a 409 and nothing is lost.
  for (const { project } of Object.values(places)) {
    const { key, secret } = (await platform.api.post(`/v1/admin/projects/${project}/engagement-keys`, { headers: superAdmin(), body: {} })).body;
    expect((await platform.api.post('/v1/users', { basic: [key, secret], body: { id: 'inhabitant' } })).status).toBe(200);
  }
  person = await newOrgAdmin(org);
  ({ bearer, userId } = person);
  const { paths } = (await platform.api.get('/openapi.json')).body as { paths: Record<string, Record<string, { 'x-access'?: Rule }>> };
  endpoints = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, rule: operation['x-access'] as Rule })));
});

afterAll(async () => {
  // The deployment's own administrator was made one of the organisation.
  await platform.query('membership', 'DELETE FROM organisation_members WHERE organisation_id = $1', [places.own.org]);
});

/** The roles on the way to a place, of somebody who has one role in the own tenant. */
function reaching(role: Role, level: Level, where: Where): boolean {
  const given = (Object.keys(rolesOfLevel) as Level[]).find((one) => (rolesOfLevel[one] as readonly Role[]).includes(role));
  if (given === 'deployment') return true;
  if (where === 'foreign' || level === 'deployment') return false;
  if (given === 'organisation') return true;
  if (where === 'sibling' && level !== 'organisation') return false;
  return given === 'team' ? level === 'team' || level === 'project' : level === 'project';
}

/** Whether somebody with the role has anything to do with the place: one with a role further down has, with the organisation. */
function belongs(role: Role, level: Level, where: Where): boolean {
  return reaching(role, level, where) || (level === 'organisation' && where !== 'foreign');
}

function expected(role: Role, level: Level, permission: string, where: Where, kind: string): 'allowed' | 'forbidden' | 'unknown' {
  const permissions: readonly string[] = reaching(role, level, where) ? permissionsAt(level, [role]) : [];
  if (permissions.includes(permission)) return 'allowed';
  // A plain member has nothing in a project, and so to its own surface is nobody; the admin surface knows it as their organisation's.
  if (kind === 'project' && role === 'member') return 'unknown';
  return level === 'deployment' || belongs(role, level, where) ? 'forbidden' : 'unknown';
}

/** What happened at the door: beyond it, a call without meaning is a 400, a 404 of something smaller, a 409. */
function outcome({ status, body }: ApiAnswer, level: Level): 'allowed' | 'forbidden' | 'unknown' | number {
  if (status === 401 || status >= 500) return status;
  if (status === 403) return 'forbidden';
  return status === 404 && body.code === `${level}-not-found` ? 'unknown' : 'allowed';
}

function request({ method, path, rule }: Endpoint, ids: Ids, level: Level | undefined, credentials: { bearer?: string }): Promise<ApiAnswer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => ({ org_id: ids.org, team_id: ids.team, project_id: ids.project, project: ids.project })[name] ?? '0195cf2e-0000-7000-8000-00000000ffff');
  const named = level === undefined ? {} : { [{ organisation: 'org_id', team: 'team_id', project: 'project_id', deployment: '' }[level]]: { organisation: ids.org, team: ids.team, project: ids.project, deployment: '' }[level] };
  const query = rule.from === 'query' ? `?${new URLSearchParams(named as Record<string, string>).toString()}` : '';
  // A field that nothing knows: whoever is let in is told so, and nothing happens.
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: { the_matrix: true, ...(rule.from === 'body' ? named : {}) } };
  return platform.api.send(method, `${filled}${query}`, { ...credentials, ...body, headers: { 'x-request-id': 'same' } });
}

/** So many at a time, as a browser would. */
async function all<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
  }));
}

async function giveRole(role: Role): Promise<void> {
  const { org, team, project } = places.own;
  for (const table of ['deployment_members', 'organisation_members', 'team_members', 'project_members']) await platform.query('membership', `DELETE FROM ${table} WHERE user_id = $1`, [userId]);
  if (role === 'super_admin') await platform.query('membership', `INSERT INTO deployment_members (user_id, role, created_by) VALUES ($1, $2, 'spec')`, [userId, role]);
  else if (role === 'org_admin' || role === 'member') await platform.query('membership', `INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) VALUES ($3, $1, $2, 'spec', 'spec')`, [userId, role, org]);
  else if (role === 'team_admin' || role === 'team_member') await platform.query('membership', `INSERT INTO team_members (organisation_id, team_id, user_id, role, created_by) VALUES ($3, $4, $1, $2, 'spec')`, [userId, role, org, team]);
  else await platform.query('membership', `INSERT INTO project_members (project_id, user_id, role, created_by) VALUES ($3, $1, $2, 'spec')`, [userId, role, project]);
  await pause(1_100); // what a gateway may still believe
}

/** Every question that a route's rule asks of a staff member: a permission at a level. */
function questions(): Question[] {
  return endpoints.flatMap((endpoint): Question[] => {
    const { rule } = endpoint;
    if (rule.kind === 'admin-place') return Object.entries(rule.permissions ?? {}).map(([level, permission]) => ({ endpoint, level: level as Level, permission, isNamed: true }));
    const level = levelOf[rule.kind];
    return level == null ? [] : [{ endpoint, level, permission: rule.permission!, isNamed: false }];
  });
}

// The gateway decides by the same table in both topologies: all of it is asked in one process, and over the bus what the answers of
// membership decide: by the role of each level that may least.
const everyRole = Object.values(rolesOfLevel).flat() as Role[];
const askedRoles = shared.topology === 'all-in-one' ? everyRole : Object.values(rolesOfLevel).map((roles) => roles.at(-1) as Role);

/** A rule as the rows have it. */
function ruleText({ kind, permission, permissions, secret, role, from }: Rule): string {
  const byLevel = permissions === undefined ? undefined : Object.entries(permissions).map((one) => one.join(' ')).join(', ');
  return [kind, permission ?? secret ?? role, from, byLevel].filter((part) => part !== undefined).join(' ');
}

describe('the permission matrix', () => {
  it('has a row for every route, which takes what its row says and nothing less', () => {
    const rows = Object.entries(takes).flatMap(([rule, calls]) => calls.flatMap((call) => {
      const methods = call.split(' ');
      const path = methods.pop()!;
      return methods.map((method) => `${method} ${path}: ${rule}`);
    }));
    expect(endpoints.map(({ method, path, rule }) => `${method} ${path}: ${ruleText(rule)}`).sort()).toEqual(rows.sort());
  });

  it('knows the kind of every rule, and every permission that one names', () => {
    expect(endpoints.length).toBeGreaterThan(90);
    expect(endpoints.filter(({ rule }) => rule === undefined || !(rule.kind in levelOf))).toEqual([]);
    const unknownPermissions = questions().filter(({ level, permission }) => !(permissionsOfLevel[level] as readonly string[]).includes(permission));
    expect(unknownPermissions).toEqual([]);
  });

  it('lets nobody in without credentials, and nobody by those of another surface', async () => {
    const wrong: string[] = [];
    await all(endpoints, async (endpoint) => {
      const { kind } = endpoint.rule;
      if (kind === 'anyone') return;
      const { status } = await request(endpoint, places.own, undefined, {});
      if (status !== 401) wrong.push(`anonymous ${endpoint.method} ${endpoint.path}: ${status}`);
      if (!['engagement', 'environment', 'end-user'].includes(kind)) return;
      const answer = await request(endpoint, places.own, undefined, { bearer });
      if (answer.status !== 401 && answer.status !== 403) wrong.push(`staff ${endpoint.method} ${endpoint.path}: ${answer.status}`);
    });
    expect(wrong).toEqual([]);
  });

  it.each(askedRoles)('lets a %s do what the table says: in the own tenant, a sibling and a foreign one', async (role) => {
    await giveRole(role);
    const wrong: string[] = [];
    const asked = questions().flatMap((question) => wheres.map((where) => ({ ...question, where })));
    await all(asked, async ({ endpoint, level, permission, isNamed, where }) => {
      const answer = await request(endpoint, places[where], isNamed ? level : undefined, { bearer });
      const [seen, wanted] = [outcome(answer, level), expected(role, level, permission, where, endpoint.rule.kind)];
      if (seen !== wanted) wrong.push(`${endpoint.method} ${endpoint.path} (${permission} in the ${where} ${level}): ${seen} ${answer.status} ${answer.body?.code ?? ''}, not ${wanted}`);
      if (wanted !== 'unknown') return;
      // A foreign id and an unknown one are the same answer.
      const other = await request(endpoint, unknown, isNamed ? level : undefined, { bearer });
      if (other.text !== answer.text) wrong.push(`${endpoint.method} ${endpoint.path}: a foreign ${level} is told apart from an unknown one`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('somebody who is changed and deleted', () => {
  const patch = (path: string, body: unknown, credentials: object = { headers: superAdmin() }) => platform.api.patch(`/v1/admin/users/${path}`, { ...credentials, body });
  const logIn = () => platform.api.post('/v1/auth/login', { body: { email: person.email, password: person.password } });

  it('can change their name, and not raise themselves by any field', async () => {
    await giveRole('viewer');
    expect((await patch('me', { user_name: 'Renamed', preferences: { theme: 'dark' } }, { bearer })).body).toMatchObject({ user_name: 'Renamed', preferences: { theme: 'dark' } });
    const { body: before } = await platform.api.get('/v1/admin/users/me', { bearer });
    for (const body of [{ global_role: 'super_admin' }, { status: 'inactive' }, { role: 'org_admin' }, { orgs: [] }, { user_email: 'x@example.com' }, { roles: ['super_admin'] }, { user_id: randomUUID() }]) {
      for (const path of ['me', userId]) expect([path, body, [400, 403].includes((await patch(path, body, { bearer })).status)]).toEqual([path, body, true]);
    }
    expect((await platform.api.get('/v1/admin/users/me', { bearer })).body).toMatchObject({ global_role: before.global_role, status: before.status, orgs: before.orgs });
    const { org, team, project } = places.own;
    for (const [thing, id, role] of [['orgs', org, 'org_admin'], ['teams', team, 'team_admin'], ['projects', project, 'project_admin']]) expect([403, 404]).toContain((await platform.api.put(`/v1/admin/${thing}/${id}/members/${userId}`, { bearer, body: { role } })).status);
  });

  it('is changed by administrators while theirs is their only organisation', async () => {
    const root = (await platform.api.post('/v1/auth/login', { body: { email: demo.superAdmin.email, password: demo.superAdmin.password } })).body;
    await giveRole('org_admin');
    // Not somebody higher up; who is in another organisation too is their own master.
    await platform.query('membership', `INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) VALUES ($2, $1, 'member', 'spec', 'spec')`, [root.user.user_id, places.own.org]);
    expect((await patch(root.user.user_id, { user_name: 'Fool' }, { bearer })).body).toMatchObject({ status: 403, code: 'permission-missing' });
    await platform.query('membership', `INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) VALUES ($2, $1, 'member', 'spec', 'spec')`, [userId, places.foreign.org]);
    const key = (await platform.api.post(`/v1/admin/orgs/${places.own.org}/api-keys`, { headers: superAdmin(), body: { name: 'n', role: 'org_admin' } })).body.key;
    const byKey = { headers: { 'x-api-key': key } };
    expect((await patch(userId, { user_name: 'Theirs' }, byKey)).body).toMatchObject({ status: 403, code: 'user-shared' });
    expect((await platform.api.delete(`/v1/admin/users/${userId}`, byKey)).body).toMatchObject({ status: 403, code: 'user-shared' });
    expect((await patch(userId, { status: 'inactive' }, byKey)).body).toMatchObject({ status: 409, code: 'last-org-admin' });
    await platform.query('membership', 'DELETE FROM organisation_members WHERE user_id = $1 AND organisation_id = $2', [userId, places.foreign.org]);
    expect((await patch(userId, { user_name: 'Ours' }, byKey)).body).toMatchObject({ user_name: 'Ours' });
    expect((await platform.api.get(`/v1/admin/users?org_id=${places.own.org}&search=ours`, byKey)).body.users).toMatchObject([{ user_id: userId }]);
    await platform.query('membership', `UPDATE organisation_members SET role = 'org_admin' WHERE user_id = $1`, [root.user.user_id]);
    expect((await patch(userId, { status: 'inactive' }, byKey)).body.orgs).toMatchObject([{ status: 'inactive' }]);
    expect((await patch(userId, { status: 'active' }, byKey)).body.orgs).toMatchObject([{ status: 'active' }]);
  });

  it('is gone when deleted, back when restored, and gone for good when erased', async () => {
    const path = `/v1/admin/users/${userId}`;
    expect((await platform.api.delete(path, { headers: superAdmin() })).status).toBe(204);
    expect((await platform.api.delete(path, { headers: superAdmin() })).status).toBe(204);
    expect((await logIn()).body.code).toBe('invalid-credentials');
    await eventually(async () => expect((await platform.api.get('/v1/admin/users/me', { bearer })).status).toBe(401));
    expect((await platform.api.get(`/v1/admin/users?org_id=${places.own.org}`, { headers: superAdmin() })).body.users.map((one: { user_id: string }) => one.user_id)).not.toContain(userId);
    expect((await platform.api.get(path, { headers: superAdmin() })).body.status).toBe('deleted');
    expect((await platform.api.post(`${path}/restore`, { headers: superAdmin() })).body).toMatchObject({ user_id: userId, status: 'active', orgs: [{ role: 'org_admin' }] });
    expect((await logIn()).status).toBe(200);
    const erased = await platform.api.post(`${path}/erase`, { headers: superAdmin() });
    expect([erased.status, erased.body]).toEqual([202, { job_id: expect.any(String), state: 'scheduled' }]);
    expect((await platform.api.get(path, { headers: superAdmin() })).status).toBe(404);
    expect((await logIn()).body.code).toBe('invalid-credentials');
  });
});
