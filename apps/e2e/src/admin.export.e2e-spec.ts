import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const superAdmin = { 'x-api-key': demo.superAdmin.apiKey };
const orgAdmin = { 'x-api-key': demo.apiKey };
const password = 'correct horse battery';

type Line = Record<string, any> & { kind: string }; // eslint-disable-line @typescript-eslint/no-explicit-any -- each kind has fields of its own
const exported = (userId: string, credentials: object, query = '') => api.get(`/v1/admin/users/${userId}/export${query}`, credentials);
const linesOf = (text: string) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Line);

let userId: string;
const uid = unique('subject');
const email = `${uid}@example.com`;
const slug = demo.project.slug;

/** A user of the demo's project, who logs in, belongs to things, and did something. */
beforeAll(async () => {
  const basic: [string, string] = [demo.engagement.key, demo.engagement.secret];
  userId = (await api.post('/v1/users', { basic, body: { id: uid, first_name: 'Subject', email, meta: { shoe_size: 42 } } })).body.id;
  await api.post(`/v1/users/${uid}/events`, { basic, body: { event: 'Bought', properties: { article: 'a hat' } } });
  expect((await api.post(`/${slug}/users/${userId}/change-password`, { headers: orgAdmin, body: { password } })).status).toBe(200);
  expect((await api.post(`/${slug}/users/login`, { body: { username: email, password } })).status).toBe(200);
});

describe('everything about a user of a project', () => {
  it('is a line for each record of every service, without secrets, and a last one that counts them', async () => {
    const answer = await exported(userId, { headers: orgAdmin });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([200, 'application/x-ndjson', `attachment; filename="user-${userId}.ndjson"`]);
    const lines = linesOf(answer.text);
    expect(lines[0]).toEqual({ kind: 'export', user_id: userId, exported_at: expect.any(String) });
    expect(lines.at(-1)).toEqual({ kind: 'end', records: lines.length - 2 });
    const one = (kind: string) => lines.find((line) => line.kind === kind);
    expect(one('profile')).toMatchObject({ service: 'profiles', user_id: userId, uid, first_name: 'Subject', email, attributes: { shoe_size: 42 } });
    expect(one('event')).toMatchObject({ event: 'Bought', properties: { article: 'a hat' } });
    expect(one('login')).toMatchObject({ service: 'identity', login_email: email, has_password: true, last_login_at: expect.any(String) });
    expect(one('session')).toMatchObject({ address: expect.any(String), ended_at: null });
    expect(lines.filter(({ kind }) => kind === 'audit_entry').map(({ action }) => action)).toEqual(expect.arrayContaining(['user.password-set', 'user.exported']));
    expect(answer.text).not.toMatch(/argon2|_hash|rc_/);
  });

  it('is for who may export in the project: others are told that they lack that, strangers that there is nobody', async () => {
    const key = async (role: string) => (await api.post(`/v1/admin/orgs/${demo.org.id}/api-keys`, { headers: orgAdmin, body: { name: role, role } })).body.key as string;
    expect((await exported(userId, { headers: { 'x-api-key': await key('viewer') } })).body).toMatchObject({ status: 403, code: 'permission-missing' });
    const org = (await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Strangers', slug: unique('strangers') } })).body.org_id;
    const strange = (await api.post(`/v1/admin/orgs/${org}/api-keys`, { headers: superAdmin, body: { name: 'n', role: 'org_admin' } })).body.key;
    const same = { 'x-request-id': 'same' };
    const foreign = await exported(userId, { headers: { 'x-api-key': strange, ...same } });
    const unknown = await exported('0195cf2e-0000-7000-8000-00000000ffff', { headers: { 'x-api-key': strange, ...same } });
    expect([foreign.status, foreign.text]).toEqual([404, unknown.text]);
    const project = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id: demo.org.id, name: 'Other', slug: unique('other') } })).body.project_id;
    expect((await exported(userId, { headers: superAdmin }, `?project_id=${project}`)).status).toBe(404);
    expect((await exported(userId, { headers: superAdmin }, `?project_id=${demo.project.id}`)).status).toBe(200);
    expect((await exported('nobody', { headers: superAdmin })).status).toBe(404);
  });
});

describe('everything about a person', () => {
  it('is for themselves, for super administrators, and for who administers their only organisation', async () => {
    const { access_token: bearer, user } = (await api.post('/v1/auth/login', { body: { email: demo.admin.email, password: demo.admin.password } })).body;
    const own = linesOf((await exported(user.user_id, { bearer })).text);
    expect(own.find(({ kind }) => kind === 'organisation_role')).toMatchObject({ service: 'membership', org_id: demo.org.id, role: 'org_admin' });
    expect(own.find(({ kind }) => kind === 'login')).toMatchObject({ login_email: demo.admin.email });
    expect((await exported(user.user_id, { headers: superAdmin })).status).toBe(200);

    const org = (await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'First', slug: unique('first') } })).body.org_id as string;
    const admin = { headers: { 'x-api-key': (await api.post(`/v1/admin/orgs/${org}/api-keys`, { headers: superAdmin, body: { name: 'n', role: 'org_admin' } })).body.key as string } };
    const invited = (await api.post('/v1/admin/users/invite', { ...admin, body: { user_email: `${unique('person')}@example.com`, role: 'member', org_id: org } })).body.user.user_id as string;
    const lines = linesOf((await exported(invited, admin)).text);
    expect(lines.find(({ kind }) => kind === 'invitation')).toMatchObject({ org_id: org, role: 'member', status: 'pending' });
    await eventually(async () => expect((await api.get(`/v1/admin/orgs/${org}/audit?action=user.exported`, admin)).body.entries).toMatchObject([{ target: { type: 'user', id: invited }, surface: 'admin' }]));
    const second = (await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Second', slug: unique('second') } })).body.org_id as string;
    expect((await api.put(`/v1/admin/orgs/${second}/members/${invited}`, { headers: superAdmin, body: { role: 'member' } })).status).toBe(200);
    expect((await exported(invited, admin)).body).toMatchObject({ status: 403, code: 'user-shared' });
  });
});
