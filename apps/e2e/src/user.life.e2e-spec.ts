import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';

describe('the life of one user, seen on three surfaces', () => {
  const uid = unique('ada');
  const email = `${uid}@example.com`;
  const password = 'correct horse battery staple';
  let admin: string;
  let userId: string;
  let accessToken: string;
  let refreshToken: string;
  let jobId: string;

  beforeAll(async () => {
    admin = await adminToken();
  });

  it('comes in by the engagement surface', async () => {
    const created = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, first_name: 'Ada', last_name: 'Lovelace', email, number: '+441234567890', meta: { plan: 'pro', age: 36, vip: true }, created_at: '2021-01-12T05:24:39.062+00:00' } });
    expect(created.status).toBe(200);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      uid,
      first_name: 'Ada',
      last_name: 'Lovelace',
      number: '+441234567890',
      email,
      devices: [],
      lists: [],
      segments: [],
      meta: { plan: 'pro', age: 36, vip: true },
      created_at: '2021-01-12T05:24:39.062Z',
      is_account: false,
      accounts: [],
    });
    userId = created.body.id as string;
  });

  it('is read back there, and on the project surface, at once', async () => {
    const onB = await api.get(`/v1/users/${uid}`, { basic: keyAndSecret });
    expect(onB.body).toMatchObject({ id: userId, uid, email });
    const onC = await api.get(`/${projectSlug}/users/${userId}`, { bearer: admin });
    expect(onC.status).toBe(200);
    expect(onC.body).toMatchObject({ id: userId, firstName: 'Ada', lastName: 'Lovelace', email, mobilePhone: '+441234567890', isActive: true, username: null, roles: [], attributes: { plan: 'pro', age: 36, vip: true } });
  });

  it('does something, which stands on the time line', async () => {
    const tracked = await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Add to cart', timestamp: '2020-05-30T09:30:10Z', properties: { product: 'T123', currency: 'USD', amount: 12.99 } } });
    expect([tracked.status, tracked.body]).toEqual([200, { status: 'ok' }]);
    await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { id: 'evt-1', event: 'Paid', value: 49.99 } });
    await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { id: 'evt-1', event: 'Paid', value: 49.99 } });
    const timeline = await api.get(`/v1/users/${uid}/events`, { basic: keyAndSecret });
    expect(timeline.body.data).toEqual([
      { id: 'evt-1', event: 'Paid', value: 49.99, properties: {}, timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
      { id: expect.any(String), event: 'Add to cart', value: null, properties: { product: 'T123', currency: 'USD', amount: 12.99 }, timestamp: '2020-05-30T09:30:10.000Z' },
    ]);
  });

  it('cannot log in before there is a password', async () => {
    const login = await api.post(`/${projectSlug}/users/login`, { body: { username: email, password } });
    expect(login.status).toBe(401);
  });

  it('is given a password on the project surface and logs in with it', async () => {
    const changed = await api.post(`/${projectSlug}/users/${userId}/change-password`, { bearer: admin, body: { password } });
    expect([changed.status, changed.body]).toEqual([200, { result: userId }]);
    const login = await api.post(`/${projectSlug}/users/login`, { body: { username: email.toUpperCase(), password } });
    expect(login.status).toBe(200);
    expect(login.body).toEqual({ id: userId, access_token: expect.any(String), expires_at: expect.any(Number), type: 'Bearer', refresh: expect.any(String), auth_type: 'user' });
    accessToken = login.body.access_token as string;
    refreshToken = login.body.refresh as string;
  });

  it('holds a token that is known, but permits nothing without a role', async () => {
    const own = await api.get(`/${projectSlug}/users/${userId}`, { bearer: accessToken });
    expect([own.status, own.body.code]).toEqual([403, 'permission-missing']);
  });

  it('stays logged in by its refresh token', async () => {
    const refreshed = await api.post(`/${projectSlug}/users/refresh`, { body: { refresh: refreshToken } });
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refresh).not.toBe(refreshToken);
    refreshToken = refreshed.body.refresh as string;
  });

  it('changes its email for its login too', async () => {
    const renamed = `new-${email}`;
    const updated = await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, email: renamed } });
    expect(updated.body.email).toBe(renamed);
    expect((await api.post(`/${projectSlug}/users/login`, { body: { username: renamed, password } })).status).toBe(200);
    expect((await api.post(`/${projectSlug}/users/login`, { body: { username: email, password } })).status).toBe(401);
  });

  it('is erased on the environment surface: gone from every read and login at once', async () => {
    const token = await environmentToken();
    const deleted = await api.put('/delete-users', { bearer: token, body: { data: [uid, 'nobody-of-this-name'] } });
    expect([deleted.status, deleted.body]).toEqual([200, { data: [uid], unknown: ['nobody-of-this-name'], job_id: expect.any(String) }]);
    jobId = deleted.body.job_id as string;
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).status).toBe(404);
    expect((await api.get(`/${projectSlug}/users/${userId}`, { bearer: admin })).status).toBe(404);
    expect((await api.post(`/${projectSlug}/users/login`, { body: { username: `new-${email}`, password } })).status).toBe(401);
    expect((await api.post(`/${projectSlug}/users/refresh`, { body: { refresh: refreshToken } })).status).toBe(401);
    expect((await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Too late' } })).status).toBe(410);
    await eventually(async () => expect((await api.get(`/${projectSlug}/users/${userId}`, { bearer: accessToken })).status).toBe(401), 2_000);
  });

  it('is erased by a job that leaves a receipt without anything of the user in it', async () => {
    const token = await environmentToken();
    const job = await eventually(async () => {
      const asked = await api.get(`/delete-users/${jobId}`, { bearer: token });
      expect(asked.body.data.state).toBe('done');
      return asked;
    });
    const { receipt } = job.body.data;
    expect(receipt.users).toBe(1);
    expect(receipt.services.profiles.erased).toMatchObject({ users: 1, user_events: 2 });
    expect(receipt.services.identity.erased).toMatchObject({ logins: 1 });
    for (const { remains } of Object.values(receipt.services as Record<string, { remains: Record<string, number> }>)) {
      expect(Object.values(remains).every((count) => count === 0)).toBe(true);
    }
    expect(receipt.user_hashes).toHaveLength(1);
    expect(job.text).not.toContain(uid);
    expect(job.text).not.toContain(userId);

    // The same bytes wherever it is handed out.
    const kept = await api.get(`/v1/admin/receipts/${receipt.sequence}`, { headers: { 'x-api-key': platform.demo.superAdmin.apiKey } });
    expect(JSON.stringify(receipt)).toBe(kept.text);
    expect(job.text).toContain(kept.text);
    expect((await api.get('/v1/admin/receipts/verification', { headers: { 'x-api-key': platform.demo.superAdmin.apiKey } })).body).toMatchObject({ valid: true, first: 1, problem: null });
    expect((await api.get('/.well-known/receipt-keys.json')).body.keys.map(({ kid }: { kid: string }) => kid)).toContain(receipt.kid);
  });

  it('may come back as somebody new, when created explicitly', async () => {
    const again = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, first_name: 'Ada' } });
    expect(again.status).toBe(200);
    expect(again.body.id).not.toBe(userId);
    expect(again.body).toMatchObject({ email: null, meta: {}, last_name: null });
    const timeline = await api.get(`/v1/users/${uid}/events`, { basic: keyAndSecret });
    expect(timeline.body).toEqual({ data: [] });
  });
});
