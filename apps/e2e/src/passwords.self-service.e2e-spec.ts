import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, MailFolder, type ApiAnswer } from '#libs/platform/testing';
import { api, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';

const old = 'correct horse battery';
const fresh = 'another horse entirely';
const mails = new MailFolder(platform.dataDir);
const { apiKey, project, admin } = platform.demo;

/** All that a client sees of an answer but what is new in each: the request's id, the date, how many requests are left. */
function seen({ status, headers, text }: ApiAnswer) {
  return { status, text, headers: [...headers].filter(([name]) => !['x-request-id', 'date', 'ratelimit'].includes(name)) };
}

describe('what users do about their own login', () => {
  let uid: string;
  let email: string;
  let userId: string;
  beforeEach(async () => {
    uid = unique('ada');
    email = `${uid}@example.com`;
    userId = (await api.post('/v1/users', { basic: keyOnly, body: { id: uid, first_name: 'Ada', email } })).body.id as string;
    expect((await api.post(`/${projectSlug}/users/${userId}/change-password`, { headers: { 'x-api-key': apiKey }, body: { password: old } })).status).toBe(200);
  });

  const logIn = (name: string, password: string) => api.post(`/${projectSlug}/users/login`, { body: { username: name, password } });
  const tokenOf = async (name = email, password = old) => (await logIn(name, password)).body.access_token as string;
  const forgot = (body: object) => api.post('/v1/auth/password/forgot', { body });
  const reset = (token: string, password: string) => api.post('/v1/auth/password/reset', { body: { token, password } });

  it('resets a forgotten password by a mail in the name of the project, which ends every session', async () => {
    const session = await tokenOf();
    expect((await api.get('/v1/auth/me', { bearer: session })).status).toBe(200);
    expect(await forgot({ email, project: projectSlug })).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const mail = await mails.wait(email, /^Reset your password/);
    expect(mail.text).toMatch(/\nhttps?:\/\/\S+\/reset-password\?token=rc_reset_\w+\n/);
    expect(mail.from?.name).not.toBe('Rollcall');
    const token = await mails.token(email, /^Reset/);
    expect(await reset(token, 'short')).toMatchObject({ status: 400, body: { code: 'password-refused' } });
    expect((await reset(token, fresh)).status).toBe(204);
    expect(await reset(token, fresh)).toMatchObject({ status: 400, body: { code: 'token-invalid' } });
    expect((await logIn(email, old)).status).toBe(401);
    expect((await logIn(email, fresh)).status).toBe(200);
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: session })).status).toBe(401), 3_000);
    expect((await mails.wait(email, /password .* was changed/)).text).toContain('was reset by a link');
  });

  it('answers forgot and verify alike, to the byte, whether the address exists, does not, is an inactive user’s, or has had its mails', async () => {
    for (const path of ['/v1/auth/password/forgot', '/v1/auth/email/verify']) {
      const ask = async (address: string, where: object) => seen(await api.post(path, { body: { email: address, ...where } }));
      const expected = await ask(email, { project: project.id });
      expect(expected).toMatchObject({ status: 202, text: '{"status":"accepted"}' });
      const others = [await ask(`nobody-${email}`, { project: project.id }), await ask(`nobody-${email}`, { project: null }), await ask(admin.email, {}), await ask('not an address', {})];
      const inactive = `inactive-${email}`;
      const registered = await api.post(`/${projectSlug}/users/register`, { headers: { 'x-api-key': apiKey }, body: { username: unique('inactive'), email: path.length + inactive, password: old, isActive: false } });
      expect(registered.status).toBe(200);
      others.push(await ask(path.length + inactive, { project: project.id }));
      for (let count = 0; count < 6; count += 1) others.push(await ask(email, { project: project.id }));
      for (const answer of others) expect(answer).toEqual(expected);
    }
  });

  it('mails staff in the name of the deployment', async () => {
    expect((await forgot({ email: admin.email })).status).toBe(202);
    expect((await mails.wait(admin.email, /^Reset your password for Rollcall/)).from?.name).toBe('Rollcall');
  });

  it('confirms the email', async () => {
    const bearer = await tokenOf();
    expect((await api.get('/v1/auth/me', { bearer })).body).toEqual({
      user_id: userId,
      project_id: project.id,
      username: null,
      email,
      email_verified: false,
      name: 'Ada',
      first_name: 'Ada',
      last_name: null,
      created_at: expect.any(String),
      last_login_at: expect.any(String),
    });
    await api.post('/v1/auth/email/verify', { body: { email, project: projectSlug } });
    const confirm = async () => api.post('/v1/auth/email/confirm', { body: { token: await mails.token(email, /^Confirm your email/) } });
    expect((await confirm()).status).toBe(204);
    expect((await confirm()).status).toBe(400);
    expect((await api.get('/v1/auth/me', { bearer })).body.email_verified).toBe(true);
  });

  it('changes the password of who is logged in: their session goes on, others end', async () => {
    const [here, elsewhere] = [await tokenOf(), await tokenOf()];
    const change = (current: string) => api.put('/v1/auth/me/password', { bearer: here, body: { current, password: fresh } });
    expect(await change('wrong password')).toMatchObject({ status: 403, body: { code: 'password-wrong' } });
    expect((await change(old)).status).toBe(204);
    expect((await api.get('/v1/auth/me', { bearer: here })).status).toBe(200);
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: elsewhere })).status).toBe(401), 3_000);
    expect((await logIn(email, fresh)).status).toBe(200);
  });

  it('changes the email once the new address confirms it, on every surface', async () => {
    const bearer = await tokenOf();
    const next = `ünext-${email}`;
    const change = (body: object) => api.put('/v1/auth/me/email', { bearer, body });
    expect(await change({ email: 'no address', password: old })).toMatchObject({ status: 400, body: { errors: [{ path: 'email' }] } });
    expect(await change({ email: next, password: 'wrong password' })).toMatchObject({ status: 403, body: { code: 'password-wrong' } });
    expect(await change({ email: next, password: old })).toMatchObject({ status: 202 });
    expect((await mails.wait(email, /is about to change/)).text).toContain('ü•••@example.com');
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.email).toBe(email);
    expect((await api.post('/v1/auth/email/confirm', { body: { token: await mails.token(next, /new email address/) } })).status).toBe(204);
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.email).toBe(next);
    expect((await api.get('/v1/auth/me', { bearer })).body).toMatchObject({ email: next, email_verified: true });
    expect((await logIn(email, old)).status).toBe(401);
    expect((await logIn(next, old)).status).toBe(200);
    await mails.wait(email, /was changed/);
    const given = `given-${email}`;
    expect((await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, email: given } })).status).toBe(200);
    expect((await mails.wait(next, /was changed/)).text).toContain('an administrator, or the application itself, changed the address');
    expect((await logIn(given, old)).status).toBe(200);
  });

  it('lists the sessions, ends one, and logs out everywhere', async () => {
    const [here, second, third] = [await tokenOf(), await tokenOf(), await tokenOf()];
    const list = async () => (await api.get('/v1/auth/sessions', { bearer: here })).body as { sessions: { session_id: string; current: boolean }[]; next_cursor: string | null };
    const { sessions, next_cursor } = await list();
    expect(sessions.map(({ current }) => current)).toEqual([false, false, true]);
    expect(next_cursor).toBeNull();
    expect((await api.get('/v1/auth/sessions?page_size=2', { bearer: here })).body.next_cursor).toEqual(expect.any(String));
    expect((await api.delete(`/v1/auth/sessions/${sessions[0]!.session_id}`, { bearer: here })).status).toBe(204);
    expect((await api.delete(`/v1/auth/sessions/${sessions[0]!.session_id}`, { bearer: here })).status).toBe(404);
    expect((await api.delete('/v1/auth/sessions/nonsense', { bearer: here })).status).toBe(404);
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: third })).status).toBe(401), 3_000);
    expect((await api.delete('/v1/auth/sessions?keep_current=true', { bearer: here })).status).toBe(204);
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: second })).status).toBe(401), 3_000);
    expect((await list()).sessions).toHaveLength(1);
    expect((await api.delete('/v1/auth/sessions', { bearer: here })).status).toBe(204);
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: here })).status).toBe(401), 3_000);
  });
});

describe('the calls of users about themselves', () => {
  let stranger: string;
  beforeAll(async () => {
    const answer = await api.post('/v1/auth/login', { body: { email: admin.email, password: admin.password } });
    stranger = answer.body.access_token as string;
  });

  it.each([
    ['GET', '/v1/auth/me'],
    ['GET', '/v1/auth/sessions'],
    ['DELETE', '/v1/auth/sessions'],
    ['DELETE', '/v1/auth/sessions/01a2017e-c05b-763e-8a95-3d984a78a826'],
    ['PUT', '/v1/auth/me/password'],
    ['PUT', '/v1/auth/me/email'],
  ])('%s %s takes a user who is logged in, and no key', async (method, path) => {
    const anonymous = await api.send(method, path);
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, expect.any(String)]);
    expect((await api.send(method, path, { bearer: 'rc_proj_nonsense' })).status).toBe(401);
    expect(await api.send(method, path, { headers: { 'x-api-key': apiKey } })).toMatchObject({ status: 403, body: { code: 'user-required' } });
  });

  it('are for staff as for users', async () => {
    expect((await api.get('/v1/auth/me', { bearer: stranger })).body).toMatchObject({ project_id: null, email: admin.email });
    expect((await api.get('/v1/auth/sessions', { bearer: stranger })).body.sessions.length).toBeGreaterThan(0);
  });

  it.each([
    ['/v1/auth/password/forgot', {}, 'email'],
    ['/v1/auth/password/forgot', { email: 'a\u0000b' }, 'email'],
    ['/v1/auth/password/forgot', { email: 'a@example.com', user: 'x' }, 'user'],
    ['/v1/auth/password/forgot', { email: 'a@example.com', project: 'a\u0000b' }, 'project'],
    ['/v1/auth/password/reset', { token: 'x' }, 'password'],
    ['/v1/auth/email/confirm', { token: 7 }, 'token'],
  ])('%s with %j is refused, naming %s', async (path, body, named) => {
    const answer = await api.post(path, { body });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(named);
  });

  it('refuse an unknown project, and a token that is none', async () => {
    expect(await api.post('/v1/auth/password/forgot', { body: { email: 'a@example.com', project: 'no-such-project' } })).toMatchObject({ status: 404, body: { code: 'project-not-found' } });
    expect(await api.post('/v1/auth/password/reset', { body: { token: 'nonsense', password: fresh } })).toMatchObject({ status: 400, body: { code: 'token-invalid' } });
    expect(await api.post('/v1/auth/email/confirm', { body: { token: 'nonsense' } })).toMatchObject({ status: 400, body: { code: 'token-invalid' } });
  });
});
