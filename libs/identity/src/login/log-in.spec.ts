import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { identity } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { LoginThrottle } from '../throttling/login-throttle.js';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { loginsRepository } from './logins.repository.js';
import { WriteEntry } from './write-entry.js';

describe('logging in', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';

  beforeAll(async () => {
    app = await IdentityApp.start({ environment: { LOGIN_FAILURES_PER_NAME: '1000' } });
  });

  /** Until a statement waits for another transaction. */
  const somebodyWaits = () =>
    eventually(async () => expect(await app.database.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`)).not.toEqual([]));

  it('gives an access token with ids and nothing personal, which the published keys verify', async () => {
    const userId = await app.user('ada@example.com', password);
    const tokens = await app.logIn('ada@example.com', password);
    const { issuer, keys } = await app.call(identity.listSigningKeys, {});
    const { payload, protectedHeader } = await jwtVerify(tokens.accessToken, createLocalJWKSet({ keys }), { issuer, audience: 'rollcall', typ: 'at+jwt', algorithms: ['EdDSA'] });
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: keys[0]!.kid });
    expect(payload).toEqual({ iss: 'rollcall', aud: 'rollcall', sub: userId, sid: expect.any(String), realm: app.realmId, iat: expect.any(Number), exp: payload.iat! + 600, jti: expect.any(String) });
    expect(tokens).toEqual({ step: 'done', userId, accessToken: tokens.accessToken, expiresAt: payload.exp, refreshToken: expect.stringMatching(/^rc_refresh_/), deviceToken: expect.any(String) });
    expect(await app.sessionIsActive(tokens)).toBe(true);
  });

  it('works by email or user name, whatever the case and composition', async () => {
    const userId = await app.user('René@Example.com', password);
    await app.database.execute(`UPDATE logins SET user_name = 'René', user_name_canonical = 'rené' WHERE user_id = $1`, [userId]);
    for (const name of ['rené@example.com', 'RENE\u0301@EXAMPLE.COM', ' René@Example.com ', 'RENÉ', 'Rene\u0301']) expect(await app.logIn(name, password)).toMatchObject({ userId });
  });

  it('takes a name that has been one user\'s email and another\'s user name for long for the email', async () => {
    const owner = await app.user('owner@example.com', password);
    const squatter = await app.user('squatter@example.com', 'another good password');
    await app.database.execute('ALTER TABLE logins DISABLE TRIGGER logins_renamed'); // as before there was one
    await app.database.execute(`UPDATE logins SET user_name = login, user_name_canonical = login FROM (SELECT 'owner@example.com' AS login) n WHERE user_id = $1`, [squatter]);
    await app.database.execute('ALTER TABLE logins ENABLE TRIGGER logins_renamed');
    expect(await app.logIn('owner@example.com', password)).toMatchObject({ userId: owner });
    expect(await failureOf(app.logIn('owner@example.com', 'another good password'))).toMatchObject({ code: 'invalid-credentials' });
  });

  it('fails alike for a wrong password, an unknown user, a user of another realm, one without password, and a pending one', async () => {
    await app.user('grace@example.com', password);
    const without = await app.user('without@example.com', password);
    await app.database.execute('UPDATE logins SET password_hash = NULL WHERE user_id = $1', [without]);
    await app.database.execute(
      `INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical, reserved_at, password_hash)
       SELECT realm_id, $2, 'pending', 'pending@example.com', 'pending@example.com', now(), password_hash FROM logins WHERE realm_id = $1 AND login_email = 'grace@example.com'`,
      [app.realmId, randomUUID()],
    );
    const failures = [
      await failureOf(app.logIn('grace@example.com', 'wrong horse battery')),
      await failureOf(app.logIn('grace@example.com', '')),
      await failureOf(app.logIn('nobody@example.com', password)),
      await failureOf(app.logIn('', password)),
      await failureOf(app.call(identity.logIn, { ...app.loginRequest('grace@example.com', password), realmId: randomUUID() })),
      await failureOf(app.logIn('without@example.com', password)),
      await failureOf(app.logIn('pending@example.com', password)),
    ];
    for (const failure of failures) expect(failure).toEqual({ kind: 'unauthenticated', code: 'invalid-credentials', message: 'The user name or the password is wrong.' });
  });

  it('tells an inactive user so, but only with the right password', async () => {
    const userId = await app.user('inactive@example.com', password);
    const tokens = await app.logIn('inactive@example.com', password);
    await app.database.execute('UPDATE logins SET is_active = false WHERE user_id = $1', [userId]);
    expect(await failureOf(app.logIn('inactive@example.com', password))).toEqual({ kind: 'forbidden', code: 'user-inactive', message: 'The user is inactive.' });
    expect(await failureOf(app.logIn('inactive@example.com', 'wrong horse battery'))).toMatchObject({ code: 'invalid-credentials' });
    expect(await app.sessionIsActive(tokens)).toBe(false);
    expect(await failureOf(app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: tokens.refreshToken }))).toMatchObject({ code: 'refresh-token-invalid' });
  });

  it('hashes the password anew when the parameters have risen, and not when they have fallen', async () => {
    const userId = await app.user('rehash@example.com', password);
    const hash = async () => (await app.database.query<{ hash: string }>('SELECT password_hash AS hash FROM logins WHERE user_id = $1', [userId]))[0]!.hash;
    expect(await hash()).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
    const stronger = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { PASSWORD_HASH_ITERATIONS: '2' } });
    await stronger.call(identity.logIn, app.loginRequest('rehash@example.com', password));
    expect(await hash()).toMatch(/^\$argon2id\$v=19\$m=1024,t=2,p=1\$/);
    const raised = await hash();
    expect(await app.logIn('rehash@example.com', password)).toMatchObject({ userId });
    expect(await hash()).toBe(raised);
  });

  it('does not survive a password change that comes in the middle of it', async () => {
    const userId = await app.user('race@example.com', 'the first password');
    const [logins] = await Promise.all([
      Promise.allSettled(Array.from({ length: 12 }, () => app.logIn('race@example.com', 'the first password'))),
      app.setPassword(userId, 'the second password'),
    ]);
    for (const login of logins) if (login.status === 'fulfilled') expect(await app.sessionIsActive(login.value)).toBe(false);
  });

  it('logs in many at once, each by themselves: some several times, some with a wrong password, some without a row', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `many${index}@example.com`);
    const ids = await Promise.all(names.map((name) => app.user(name, password)));
    const logins = await Promise.all([...names, ...names].map((name) => app.logIn(name, password)));
    const wrong = [...names, 'many@example.com'].map((name) => failureOf(app.logIn(name, 'wrong horse battery')));
    const refusals = await Promise.all([...wrong, ...names.map((name) => app.logIn(name, password))]);
    expect(logins.map(({ userId }) => userId)).toEqual([...ids, ...ids]);
    expect(refusals.filter((one) => 'code' in one && one.code === 'invalid-credentials')).toHaveLength(13);
    const sessions = await app.database.query<{ userId: string; count: number }>('SELECT user_id AS "userId", count(*) AS count FROM sessions WHERE user_id = ANY ($1::uuid[]) GROUP BY user_id', [ids]);
    expect(sessions.map(({ count }) => count)).toEqual(Array(12).fill(3));
    for (const login of logins) expect(await app.sessionIsActive(login)).toBe(true);
    expect(await app.database.query('SELECT FROM login_throttles WHERE in_flight > 0 AND realm_id = $1', [app.realmId])).toEqual([]);
  });

  it('has nobody wait for what is being done to another user, and those to whom it is done until it is done', async () => {
    const closed = 'closed@example.com';
    const others = ['free1@example.com', 'free2@example.com'];
    const userId = await app.user(closed, password);
    for (const name of others) await app.user(name, password);
    await app.logIn(closed, password); // so that there is a counter
    let waiting: Promise<unknown> | undefined;
    await app.database.withTransaction(async (tx) => {
      await tx.execute('UPDATE logins SET is_active = false, version = version + 1 WHERE user_id = $1', [userId]);
      await tx.execute('SELECT FROM login_throttles WHERE realm_id = $1 FOR UPDATE', [app.realmId]);
      await tx.execute('DELETE FROM login_throttles WHERE realm_id = $1', [app.realmId]);
      waiting = failureOf(app.logIn(closed, password));
      expect(await Promise.all(others.map((name) => app.logIn(name, password)))).toHaveLength(2);
      await somebodyWaits();
    });
    expect(await waiting).toMatchObject({ code: 'user-inactive' });
  });

  it('does not log in a user whose login is changed between its check and its entry, and waits for the change', async () => {
    const userId = await app.user('changing@example.com', password);
    const login = (await loginsRepository.findByName(app.database, app.realmId, 'changing@example.com'))!;
    const throttle = app.app.get(LoginThrottle, { strict: false });
    const loginTry = await throttle.begin({ realmId: app.realmId, name: 'changing@example.com', address: null, device: null });
    expect(loginTry.login).toEqual(login);
    let entry: Promise<unknown> | undefined;
    await app.database.withTransaction(async (tx) => {
      await tx.execute('UPDATE logins SET version = version + 1 WHERE user_id = $1', [userId]);
      entry = app.app.get(WriteEntry, { strict: false }).execute(login, null, { realmId: app.realmId, address: null, userAgent: null }, loginTry);
      await somebodyWaits();
    });
    expect(await entry).toBeNull();
    await loginTry.leave();
    expect(await app.database.query('SELECT FROM sessions WHERE user_id = $1', [userId])).toEqual([]);
    expect(await app.logIn('changing@example.com', password)).toMatchObject({ userId });
  });

  it('answers hashing-overloaded past the queue, and serves again afterwards', async () => {
    const busy = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { PASSWORD_HASH_QUEUE: '2', PASSWORD_HASH_MEMORY_KIB: '65536', LOGIN_FAILURES_PER_NAME: '1000' } });
    const results = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => busy.call(identity.logIn, app.loginRequest(`nobody${index}@example.com`, password))));
    const codes = results.map((result) => (result.status === 'rejected' ? (result.reason as { value: { code: string; retryAfter?: number } }).value : undefined));
    expect(codes).toContainEqual(expect.objectContaining({ kind: 'unavailable', code: 'hashing-overloaded', retryAfter: 1 }));
    expect(new Set(codes.map((value) => value?.code))).toEqual(new Set(['hashing-overloaded', 'invalid-credentials']));
    expect(await failureOf(busy.call(identity.logIn, app.loginRequest('nobody0@example.com', password)))).toMatchObject({ code: 'invalid-credentials' });
  });

  it('keeps who it was and when', async () => {
    const userId = await app.user('last@example.com', password);
    await app.call(identity.logIn, { ...app.loginRequest('last@example.com', password, '192.0.2.7'), userAgent: 'a browser' });
    expect(await app.database.query('SELECT address, user_agent FROM sessions WHERE user_id = $1', [userId])).toEqual([{ address: '192.0.2.7', user_agent: 'a browser' }]);
    const [login] = await app.database.query<{ last: string }>('SELECT last_login_at AS last FROM logins WHERE user_id = $1', [userId]);
    expect(Math.abs(Date.now() - Date.parse(login!.last))).toBeLessThan(10_000);
  });
});
