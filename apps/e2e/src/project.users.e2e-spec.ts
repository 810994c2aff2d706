import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { adminToken, api, keyAndSecret, keyOnly, platform, projectSlug, unique, unlessBusy } from './platform-under-test.js';

const password = 'correct horse battery staple';
const users = `/${projectSlug}/users`;
let admin: string;
beforeAll(async () => {
  admin = await adminToken();
});

const register = (body: object, bearer = admin) => api.post(`${users}/register`, { bearer, body });
const get = (id: string, bearer = admin) => api.get(`${users}/${id}`, { bearer });
const put = (id: string, body: object, bearer = admin) => api.put(`${users}/${id}`, { bearer, body });
const logIn = (username: string, secret = password) => api.post(`${users}/login`, { body: { username, password: secret } });
const tokenOf = async (username: string) => (await logIn(username)).body.access_token as string;

/** A new user who can log in. */
async function somebody(more: object = {}): Promise<{ id: string; username: string; email: string }> {
  const username = unique('user');
  const email = `${username}@example.com`;
  const { body } = await register({ username, email, password, ...more });
  return { id: body.result as string, username, email };
}

describe('the life of a user of the project surface, seen on all', () => {
  const username = unique('Grace');
  const email = `${username}@example.com`;
  let id: string;
  let token: string;

  it('begins with a registration that answers the id', async () => {
    const answer = await register({ firstName: 'Grace', lastName: 'Hopper', username, email, mobilePhone: '+1 555', roles: ['viewer'], password, isActive: true, attributes: { plan: 'pro', seats: 3, vip: true } });
    expect([answer.status, answer.body]).toEqual([200, { result: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    id = answer.body.result as string;
  });

  it('is read back at once, whole, here and on the engagement surface', async () => {
    const { body } = await get(id);
    expect(body).toEqual({
      id, firstName: 'Grace', lastName: 'Hopper', username, email, mobilePhone: '+1 555', roles: ['viewer'], isActive: true, notes: null, attributes: { plan: 'pro', seats: 3, vip: true },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/), createdBy: expect.any(String), modifiedAt: expect.any(String), modifiedBy: expect.any(String),
    });
    const onB = await api.get(`/v1/users/${encodeURIComponent(email)}`, { basic: keyAndSecret });
    expect(onB.body).toMatchObject({ id, uid: email, first_name: 'Grace', number: '+1 555', meta: { plan: 'pro', seats: 3, vip: true } });
  });

  it('logs in by user name and by email, in any case, and may do what the role permits', async () => {
    token = await tokenOf(username.toUpperCase());
    expect((await logIn(email)).status).toBe(200);
    expect((await get(id, token)).status).toBe(200);
    expect((await register({ username: unique('x') }, token)).body.code).toBe('permission-missing');
  });

  it('takes events by its uid, and tells another surface’s changes', async () => {
    expect((await api.put(`/v1/users/${encodeURIComponent(email)}`, { basic: keyAndSecret, body: { id: username, last_name: 'Murray Hopper' } })).status).toBe(200);
    expect((await api.post(`/v1/users/${username}/events`, { basic: keyOnly, body: { event: 'Compiled' } })).status).toBe(200);
    expect((await get(id)).body).toMatchObject({ lastName: 'Murray Hopper' });
  });

  it('takes back what was read, and changes what else is sent', async () => {
    const { body: before } = await get(id);
    expect((await put(id, before)).body).toEqual(before);
    const changed = await put(id, { ...before, lastName: null, notes: 'Admiral', attributes: { plan: null, rank: 7 } });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ firstName: 'Grace', lastName: null, notes: 'Admiral', attributes: { seats: 3, vip: true, rank: 7 } });
    expect(changed.body.modifiedAt > before.modifiedAt).toBe(true);
    const refused = await put(id, { ...changed.body, createdAt: '2000-01-01T00:00:00.000Z', id: randomUUID() });
    expect([refused.status, refused.body.errors.map(({ path }: { path: string }) => path)]).toEqual([400, ['id', 'createdAt']]);
  });

  it('moves to another user name and email, for the login too', async () => {
    const renamed = `${username}-2`;
    const answer = await put(id, { username: renamed, email: `2-${email}` });
    expect(answer.body).toMatchObject({ username: renamed, email: `2-${email}` });
    expect([(await logIn(renamed)).status, (await logIn(`2-${email}`)).status, (await logIn(username)).status, (await logIn(email)).status]).toEqual([200, 200, 401, 401]);
  });

  it('is closed, which ends sessions and is told only to who knows the password; and opened again', async () => {
    const closed = await api.post(`${users}/${id}/status`, { bearer: admin, body: { isActive: false } });
    expect([closed.status, closed.body]).toEqual([200, { result: id }]);
    await eventually(async () => expect((await get(id, token)).status).toBe(401), 2_000);
    expect((await get(id)).body.isActive).toBe(false);
    expect((await logIn(`${username}-2`)).body.code).toBe('user-inactive');
    expect((await logIn(`${username}-2`, 'wrong password!')).status).toBe(401);
    expect((await put(id, { isActive: true })).body.isActive).toBe(true);
    token = await tokenOf(`${username}-2`);
  });

  it('gets another password, which ends other sessions', async () => {
    const other = 'another horse, another battery';
    const answer = await api.post(`${users}/${id}/change-password`, { bearer: admin, body: { password: other } });
    expect([answer.status, answer.body]).toEqual([200, { result: id }]);
    expect([(await logIn(`${username}-2`)).status, (await logIn(`${username}-2`, other)).status]).toEqual([401, 200]);
    await eventually(async () => expect((await get(id, token)).status).toBe(401), 2_000);
  });

  it('ends with an erasure: gone everywhere, and the names are free', async () => {
    const last = (await logIn(`${username}-2`, 'another horse, another battery')).body.access_token as string;
    const answer = await api.delete(`${users}/${id}`, { bearer: admin });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await get(id)).status).toBe(404);
    expect((await api.delete(`${users}/${id}`, { bearer: admin })).status).toBe(404);
    expect((await api.get(`/v1/users/${username}`, { basic: keyAndSecret })).status).toBe(404);
    expect((await api.post(`/v1/users/${username}/events`, { basic: keyOnly, body: { event: 'Late' } })).status).toBe(410);
    expect((await logIn(`2-${email}`, 'another horse, another battery')).status).toBe(401);
    await eventually(async () => expect((await get(id, last)).status).toBe(401), 2_000);
    expect((await register({ username: `${username}-2`, email: `2-${email}`, password })).status).toBe(200);
  });
});

describe('registering', () => {
  it('of one user name by 200 at once has one winner, and leaves no half-made user', async () => {
    const username = unique('contested');
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => {
      const body = { username: index % 2 === 0 ? username : username.toUpperCase(), email: `${index}-${username}@example.com`, roles: ['viewer'], password };
      return unlessBusy(() => api.post(`${users}/register`, { bearer: admin, body, headers: { 'idempotency-key': `${username}-${index}` } }));
    }));
    const codes = answers.map(({ status, body }) => `${status} ${String(body.code ?? '')}`).sort();
    expect(codes).toEqual(['200 ', ...Array.from({ length: 199 }, () => '409 user-name-taken')]);
    const { result } = answers.find(({ status }) => status === 200)!.body;
    expect((await get(result)).body).toMatchObject({ id: result, roles: ['viewer'] });
    expect((await logIn(username)).status).toBe(200);
    const left = await Promise.all([200, 100].map(async (_, index) => (await api.get(`/v1/users?email=${index}-${encodeURIComponent(username)}@example.com`, { basic: keyAndSecret })).body.data.length));
    expect(left.reduce((sum, count) => sum + (count as number), 0)).toBeLessThanOrEqual(1);
  });

  it('needs no password: the user logs in once they have one, and until then their email may be anybody’s', async () => {
    const taken = await somebody();
    const username = unique('later');
    const { body } = await register({ username, email: taken.email });
    expect(body.result).toEqual(expect.any(String));
    expect((await logIn(username)).status).toBe(401);
    const givePassword = () => api.post(`${users}/${String(body.result)}/change-password`, { bearer: admin, body: { password } });
    expect((await givePassword()).body.code).toBe('email-taken');
    expect((await put(body.result, { email: `${username}@example.com` })).status).toBe(200);
    expect((await givePassword()).status).toBe(200);
    expect([(await logIn(username)).status, (await logIn(`${username}@example.com`)).status]).toEqual([200, 200]);
    expect((await put(body.result, { email: taken.email })).body.code).toBe('email-taken');
    expect((await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique('contact'), email: taken.email } })).status).toBe(200);
  });

  it('of an inactive user makes one who can’t log in yet', async () => {
    const { id, username } = await somebody({ isActive: false });
    expect((await get(id)).body.isActive).toBe(false);
    expect((await logIn(username)).body.code).toBe('user-inactive');
  });

  it.each([
    ['an unknown field', { username: 'u', nickname: 'x' }, 'nickname'],
    ['an unknown role', { username: 'u', roles: ['viewer', 'nothing'] }, 'roles[1]'],
    ['an email that is none', { email: 'nobody' }, 'email'],
    ['a user name with a line break', { username: 'a\nb' }, 'username'],
    ['a user name with spaces around it', { username: ' a ' }, 'username'],
    ['a text that is none', { username: 'u', firstName: 7 }, 'firstName'],
    ['a zero character', { username: 'u', lastName: 'a\0b' }, 'lastName'],
    ['a phone number without end', { username: 'u', mobilePhone: '1'.repeat(65) }, 'mobilePhone'],
    ['a status that is none', { username: 'u', isActive: 'yes' }, 'isActive'],
    ['an attribute with a list', { username: 'u', attributes: { tags: ['a'] } }, 'attributes.tags'],
    ['an attribute called like a field', { username: 'u', attributes: { email: 'a@b' } }, 'attributes.email'],
    ['a phone that is no text that can be kept', { username: 'u', mobilePhone: '\u0000' }, 'mobilePhone'],
  ])('refuses %s, naming the place, and writes nothing', async (_what, body, path) => {
    const username = 'username' in body && body.username === 'u' ? unique('refused') : undefined;
    const answer = await register({ ...body, ...(username === undefined ? {} : { username }) });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    if (answer.body.code !== 'role-unknown') expect(answer.body.detail).toContain(`${answer.body.errors[0].path}: ${answer.body.errors[0].message}`);
    if (username !== undefined) expect((await register({ username })).status).toBe(200);
  });

  it('says of a password that is too long for any that it is too long', async () => {
    const answer = await register({ username: unique('long'), password: 'x'.repeat(1_025) });
    expect([answer.status, answer.body.errors]).toEqual([400, [{ path: 'password', message: 'must not be longer than 1024 characters' }]]);
  });

  it.each([
    ['no name at all', { firstName: 'Ada' }, 400, 'login-name-missing'],
    ['a short password', { username: unique('short'), password: 'abc' }, 400, 'password-refused'],
    ['a password with half of a surrogate pair', { username: unique('half'), password: 'correct \ud800 battery' }, 400, 'password-refused'],
    ['a password that is the user name', { username: 'same-as-password', password: 'Same-As-Password' }, 400, 'password-refused'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await register(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses names that others have, in any case', async () => {
    const { username, email } = await somebody();
    const byName = await register({ username: username.toUpperCase(), password });
    const byEmail = await register({ username: unique('other'), email: email.toUpperCase(), password });
    expect([byName.status, byName.body.code, byEmail.status, byEmail.body.code]).toEqual([409, 'user-name-taken', 409, 'email-taken']);
  });
});

describe('changing a user', () => {
  it.each([
    ['an unknown field', { nickname: 'x' }, 'nickname'],
    ['an unknown role', { roles: ['nothing'] }, 'roles[0]'],
    ['a status that is none', { isActive: null }, 'isActive'],
    ['too much of notes', { notes: 'x'.repeat(16_385) }, 'notes'],
    ['an attribute of a wrong kind', { attributes: { a: {} } }, 'attributes.a'],
    ['an attribute called like a field', { attributes: { phone: '1' } }, 'attributes.phone'],
  ])('refuses %s, naming the place, and writes nothing', async (_what, body, path) => {
    const { id } = await somebody();
    const answer = await put(id, { firstName: 'Changed', ...body });
    expect([answer.status, answer.body.errors.map((error: { path: string }) => error.path)]).toEqual([400, [path]]);
    if (answer.body.code !== 'role-unknown') expect(answer.body.detail).toBe(`${path}: ${answer.body.errors[0].message}.`);
    expect((await get(id)).body.firstName).toBeNull();
  });

  it('refuses names of others, and then leaves all as it was', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const before = (await get(one.id)).body;
    for (const [body, code] of [[{ username: other.username }, 'user-name-taken'], [{ email: other.email }, 'email-taken'], [{ username: unique('free'), email: other.email }, 'email-taken']] as const) {
      const answer = await put(one.id, { firstName: 'Changed', roles: ['editor'], ...body });
      expect([answer.status, answer.body.code]).toEqual([409, code]);
    }
    expect((await get(one.id)).body).toEqual(before);
  });

  it('lets a user name go where there is an email, and not the last name to log in with', async () => {
    const { id, username, email } = await somebody();
    expect((await put(id, { username: null })).body.username).toBeNull();
    expect([(await logIn(username)).status, (await logIn(email)).status]).toEqual([401, 200]);
    expect((await put(id, { email: null })).body.code).toBe('login-name-missing');
  });

  it('gives a customer of the engagement surface a user name', async () => {
    const uid = unique('customer');
    const { body: customer } = await api.post('/v1/users', { basic: keyOnly, body: { id: uid } });
    const username = unique('named');
    expect((await put(customer.id, { username })).body).toMatchObject({ username, email: null });
    expect((await register({ username, password })).status).toBe(409);
    await api.post(`${users}/${String(customer.id)}/change-password`, { bearer: admin, body: { password } });
    expect((await logIn(username)).body.id).toBe(customer.id);
  });

  it('closes the account of a customer who never logged in', async () => {
    const { body: customer } = await api.post('/v1/users', { basic: keyOnly, body: { id: unique('closed'), email: `${unique('closed')}@example.com` } });
    expect((await api.post(`${users}/${String(customer.id)}/status`, { bearer: admin, body: { isActive: false } })).status).toBe(200);
    expect((await get(customer.id)).body.isActive).toBe(false);
    await api.post(`${users}/${String(customer.id)}/change-password`, { bearer: admin, body: { password } });
    expect((await logIn(customer.email)).body.code).toBe('user-inactive');
  });
});

describe('staff', () => {
  it('are read, and changed elsewhere; a role that is implied is not taken here', async () => {
    const { body } = await api.get('/v1/auth/me', { bearer: admin });
    const id = (body.user_id ?? (await api.post('/v1/auth/login', { body: { email: platform.demo.admin.email, password: platform.demo.admin.password } })).body.user.user_id) as string;
    expect((await get(id)).body).toMatchObject({ id, roles: ['project_admin'] });
    const tries = [await put(id, { firstName: 'x' }), await api.post(`${users}/${id}/status`, { bearer: admin, body: { isActive: false } }), await api.post(`${users}/${id}/change-password`, { bearer: admin, body: { password } })];
    expect(tries.map(({ status, body: answer }) => [status, answer.code])).toEqual([[403, 'user-is-staff'], [403, 'user-is-staff'], [403, 'user-is-staff']]);
    const left = await api.delete(`${users}/${id}`, { bearer: admin });
    expect([left.status, left.body.code]).toEqual([409, 'role-implied']);
  });
});

describe('roles of the project', () => {
  const roles = `/${projectSlug}/roles`;
  const putRole = (role: string, permissions: string[], bearer = admin) => api.put(`${roles}/${role}`, { bearer, body: { permissions } });

  it('are made, listed, held, changed within a second, and removed once nobody holds them', async () => {
    const role = unique('support').toLowerCase();
    const made = await putRole(role, ['users:read']);
    expect([made.status, made.body]).toMatchObject([200, { id: role, permissions: ['users:read'], isBuiltIn: false }]);
    expect((await api.get(roles, { bearer: admin })).body.data.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(['project_admin', 'editor', 'viewer', role]));
    const { id, username } = await somebody({ roles: [role] });
    const token = await tokenOf(username);
    expect((await get(id, token)).body.roles).toEqual([role]);
    expect((await api.post(`${users}/register`, { bearer: token, body: {} })).status).toBe(403);

    await putRole(role, []);
    await eventually(async () => expect((await get(id, token)).status).toBe(403), 2_000);
    const held = await api.delete(`${roles}/${role}`, { bearer: admin });
    expect([held.status, held.body.code, held.body.detail]).toEqual([409, 'role-held', expect.stringContaining('One user')]);
    expect((await put(id, { roles: null })).body.roles).toEqual([]);
    expect((await api.delete(`${roles}/${role}`, { bearer: admin })).status).toBe(204);
    expect((await api.get(`${roles}/${role}`, { bearer: admin })).status).toBe(404);
  });

  it('hand out nothing that who hands it out lacks, and dispose of nobody who may do more', async () => {
    const role = unique('clerk').toLowerCase();
    await putRole(role, ['users:read', 'users:write', 'users:delete', 'roles:write']);
    const clerk = await tokenOf((await somebody({ roles: [role] })).username);
    const boss = await somebody({ roles: ['project_admin'] });
    const plain = await somebody();
    const answers = await Promise.all([
      register({ username: unique('boss'), password, roles: ['project_admin'] }, clerk),
      put(plain.id, { roles: ['editor'] }, clerk),
      putRole(unique('strong').toLowerCase(), ['events:read'], clerk),
      put(boss.id, { roles: [] }, clerk),
      put(boss.id, { username: unique('taken-over') }, clerk),
      api.post(`${users}/${boss.id}/change-password`, { bearer: clerk, body: { password: 'mine now, all of it' } }),
      api.post(`${users}/${boss.id}/status`, { bearer: clerk, body: { isActive: false } }),
      api.delete(`${users}/${boss.id}`, { bearer: clerk }),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [403, 'permission-not-held']));
    expect((await put(boss.id, { firstName: 'Boss' }, clerk)).status).toBe(200);
    expect((await put(plain.id, { roles: [role] }, clerk)).status).toBe(200);
    expect((await api.delete(`${users}/${plain.id}`, { bearer: clerk })).status).toBe(204);
  });

  it.each([
    ['project_admin', [], 409, 'role-built-in'],
    ['org_admin', [], 400, 'role-reserved'],
    ['Support', [], 400, 'invalid-request'],
    ['support', ['users:everything'], 400, 'invalid-request'],
  ])('can’t be called %s with %j', async (role, permissions, status, code) => {
    const answer = await putRole(role, permissions);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('permit what they say, route by route', async () => {
    const target = await somebody();
    const routes = {
      'users:read': [() => ['GET', `${users}/${target.id}`], () => ['GET', roles], () => ['GET', `${roles}/viewer`]],
      'users:write': [() => ['POST', `${users}/register`], () => ['PUT', `${users}/${target.id}`], () => ['POST', `${users}/${target.id}/status`], () => ['POST', `${users}/${target.id}/change-password`]],
      'users:delete': [() => ['DELETE', `${users}/${target.id}`]],
      'roles:write': [() => ['PUT', `${roles}/viewer`], () => ['DELETE', `${roles}/viewer`]],
    } satisfies Record<string, (() => string[])[]>;
    for (const held of [...Object.keys(routes), 'events:read']) {
      const role = unique('only').toLowerCase();
      await putRole(role, [held]);
      const bearer = await tokenOf((await somebody({ roles: [role] })).username);
      for (const [needed, calls] of Object.entries(routes)) {
        if (needed === held && held === 'users:delete') continue;
        for (const call of calls) {
          const [method, path] = call() as [string, string];
          const answer = await api.send(method, path, { bearer, ...(method === 'GET' || method === 'DELETE' ? {} : { body: { unknown: 1 } }) });
          // Let in, the calls are refused for their bodies.
          expect([method, path, answer.body.code === 'permission-missing']).toEqual([method, path, needed !== held]);
        }
      }
    }
  });
});
