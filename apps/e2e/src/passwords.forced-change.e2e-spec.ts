import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, MailFolder } from '#libs/platform/testing';
import { api, platform, projectSlug, unique } from './platform-under-test.js';

const given = 'given by an administrator';
const own = 'a password of my own';
const mails = new MailFolder(platform.dataDir);
const { org, superAdmin } = platform.demo;
const admin = { headers: { 'x-api-key': superAdmin.apiKey } };

interface Step {
  methods: string[];
  step_token: string;
  expires_at: number;
}

describe('a password that an administrator set', () => {
  const slug = unique('careful');
  let project: string;
  let email: string;
  let userId: string;

  beforeAll(async () => {
    project = (await api.post('/v1/admin/projects', { ...admin, body: { org_id: org.id, name: slug, slug, settings: { force_password_change: true } } })).body.project_id as string;
  });
  beforeEach(async () => {
    email = `${unique('ada')}@example.com`;
    const registered = await api.post(`/${slug}/users/register`, { ...admin, body: { email, password: 'the first password' } });
    expect(registered.status).toBe(200);
    userId = registered.body.result as string;
  });

  const set = (password: string) => api.post(`/${slug}/users/${userId}/change-password`, { ...admin, body: { password } });
  const logIn = (password: string) => api.post(`/${slug}/users/login`, { body: { username: email, password } });
  const complete = (body: object, where = slug) => api.post(`/${where}/users/login/new-password`, { body });
  const step = async () => (await logIn(given)).body.next_step as Step;

  it('lets its user in once they have chosen another, ends their sessions before that, and is told by mail', async () => {
    const before = (await logIn('the first password')).body as { access_token: string; refresh: string };
    expect(before.access_token).toEqual(expect.any(String));
    expect(await set(given)).toMatchObject({ status: 200, body: { result: userId } });
    expect((await mails.wait(email, /password .* was changed/)).text).toContain('choose one of your own when you next log in');
    await eventually(async () => expect((await api.get('/v1/auth/me', { bearer: before.access_token })).status).toBe(401), 3_000);
    expect((await api.post(`/${slug}/users/refresh`, { body: { refresh: before.refresh } })).status).toBe(401);

    const answer = await logIn(given);
    expect(answer).toMatchObject({ status: 200, body: { next_step: { methods: ['new-password'], step_token: expect.any(String), expires_at: expect.any(Number) } } });
    expect([Object.keys(answer.body), answer.headers.get('x-device-token'), answer.headers.get('set-cookie')]).toEqual([['next_step'], null, null]);
    const { step_token } = answer.body.next_step as Step;
    expect((await api.get('/v1/auth/me', { bearer: step_token })).status).toBe(401);
    expect((await api.post(`/${slug}/users/refresh`, { body: { refresh: step_token } })).status).toBe(401);

    expect(await complete({ step_token, password: given })).toMatchObject({ status: 400, body: { code: 'password-refused', detail: 'The password must be another than the present one.' } });
    const done = await complete({ step_token, password: own });
    expect(done).toMatchObject({ status: 200, body: { id: userId, access_token: expect.any(String), expires_at: expect.any(Number), type: 'Bearer', refresh: expect.stringMatching(/^rc_refresh_/), auth_type: 'user' } });
    expect(done.headers.get('cache-control')).toBe('no-store');
    expect(done.headers.get('set-cookie')).toContain(`Path=/${slug}/users/login;`);
    expect((await api.get('/v1/auth/me', { bearer: done.body.access_token as string })).body).toMatchObject({ user_id: userId, email });
    const again = await complete({ step_token, password: 'yet another password' });
    expect(again).toMatchObject({ status: 401, body: { code: 'step-token-invalid' } });
    expect(again.headers.get('www-authenticate')).not.toBeNull();
    expect((await logIn(own)).body).toMatchObject({ id: userId });
  });

  it('is changed by one of those who show the step token at once, on either surface, and by none of another project', async () => {
    await set(given);
    const { step_token } = await step();
    expect(await complete({ step_token, password: own }, projectSlug)).toMatchObject({ status: 401, body: { code: 'step-token-invalid' } });
    const answers = await Promise.all([...Array.from({ length: 5 }, () => complete({ step_token, password: own })), ...Array.from({ length: 5 }, () => api.post('/v1/auth/login/new-password', { body: { step_token, password: own } }))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
    const won = answers.find(({ status }) => status === 200)!;
    expect((await api.get('/v1/auth/me', { bearer: won.body.access_token as string })).body).toMatchObject({ user_id: userId });

    await set(given);
    const next = await api.post('/v1/auth/login/new-password', { body: { step_token: (await step()).step_token, password: own } });
    expect(next).toMatchObject({ status: 200, body: { access_token: expect.any(String), token_type: 'Bearer', expires_in: expect.any(Number), refresh_token: expect.any(String), user_id: userId } });
  });

  it('names what is wrong with a step', async () => {
    await set(given);
    const { step_token } = await step();
    for (const path of [`/${slug}/users/login/new-password`, '/v1/auth/login/new-password']) {
      const wrong = await api.post(path, { body: { step_token: '', colour: 'red' } });
      expect([wrong.status, ((wrong.body.errors ?? []) as { path: string }[]).map((error) => error.path).sort()]).toEqual([400, ['colour', 'password', 'step_token']]);
      expect(await api.post(path, { body: { step_token: 'nonsense', password: own } })).toMatchObject({ status: 401, body: { code: 'step-token-invalid' } });
      expect(await api.post(path, { body: { step_token, password: 'short' } })).toMatchObject({ status: 400, body: { code: 'password-refused' } });
    }
    expect((await complete({ step_token, password: own }, unique('nothing'))).status).toBe(404);
    expect((await complete({ step_token, password: own })).status).toBe(200);
  });

  it('stays as it is where the project does not ask for it any more', async () => {
    expect((await api.patch(`/v1/admin/projects/${project}`, { ...admin, body: { settings: { force_password_change: null } } })).status).toBe(200);
    await set(given);
    expect((await logIn(given)).body).toMatchObject({ id: userId });
    await api.patch(`/v1/admin/projects/${project}`, { ...admin, body: { settings: { force_password_change: true } } });
  });
});
