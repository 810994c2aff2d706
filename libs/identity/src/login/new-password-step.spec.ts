import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { identity, systemActor, type Actor } from '#libs/contracts';
import { MembershipStandIn } from '../spec-support/membership-stand-in.js';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { Mailbox } from '../spec-support/mailbox.js';
import { LoginSteps } from './login-steps.js';

const given = 'given by an administrator';
const own = 'a password of my own';
const key: Actor = { type: 'credential', id: randomUUID() };
const staff: Actor = { type: 'user', id: randomUUID() };
const invalid = expect.objectContaining({ kind: 'unauthenticated', code: 'step-token-invalid' });

describe('a password that an administrator set in a project with force_password_change', () => {
  let app: IdentityApp;
  let mailbox: Mailbox;
  let email: string;
  let userId: string;
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start({ providers: [MembershipStandIn] });
    mailbox = new Mailbox(app);
  });
  beforeEach(async () => {
    app.projects.settings.set(app.realmId, { force_password_change: true });
    email = `user${(count += 1)}@example.com`;
    userId = await app.user(email, 'the first password');
    await mailbox.fresh();
  });

  const set = (actor: Actor, password = given, more: { keepSessionId?: string } = {}) => app.call(identity.setPassword, { realmId: app.realmId, userId, password, keepSessionId: null, actor, ...more });
  const enter = (password: string) => app.call(identity.logIn, { ...app.loginRequest(email, password), realmId: app.realmId });
  const stepToken = async () => {
    const result = await enter(given);
    if (result.step !== 'next') throw new Error('the login takes no further step');
    return result.stepToken;
  };
  const complete = (token: string, password = own, realmId: string | null = app.realmId) => app.call(identity.completeNewPassword, { realmId, stepToken: token, password, address: '192.0.2.7', userAgent: 'a browser' });
  const refusal = async (...args: Parameters<typeof complete>) => failureOf(complete(...args));

  it.each([
    ['a key', key],
    ['a member of staff', staff],
  ])('set by %s, lets nobody in before another was chosen, and ends the sessions that there were', async (_, actor) => {
    const before = await app.logIn(email, 'the first password');
    await set(actor);
    const result = await enter(given);
    expect(result).toEqual({ step: 'next', userId, methods: ['new-password'], stepToken: expect.stringMatching(/^[\w-]{50,512}$/), expiresAt: expect.any(Number) });
    expect((result as { expiresAt: number }).expiresAt - Date.now() / 1_000).toBeLessThanOrEqual(600);
    expect(await app.sessionIsActive(before)).toBe(false);
    expect(await app.failure(identity.refreshSession, { realmId: app.realmId, refreshToken: before.refreshToken })).toMatchObject({ code: 'refresh-token-invalid' });
    const tokens = await complete((result as { stepToken: string }).stepToken);
    expect(tokens).toMatchObject({ step: 'done', userId, deviceToken: expect.any(String) });
    expect(await app.sessionIsActive(tokens)).toBe(true);
    expect((await app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: tokens.refreshToken })).userId).toBe(userId);
    expect(await app.database.query('SELECT address, user_agent FROM sessions WHERE user_id = $1 AND ended_at IS NULL', [userId])).toEqual([{ address: '192.0.2.7', user_agent: 'a browser' }]);
    expect(await enter(own)).toMatchObject({ step: 'done' });
    expect(await failureOf(enter(given))).toMatchObject({ code: 'invalid-credentials' });
  });

  it('keeps no session, not even one that was to go on, and none that turns up otherwise', async () => {
    const before = await app.logIn(email, 'the first password');
    const { sessions } = await app.call(identity.listSessions, { realmId: app.realmId, userId });
    await set(key, given, { keepSessionId: sessions[0]!.sessionId });
    expect(await app.sessionIsActive(before)).toBe(false);
    await app.database.execute('UPDATE sessions SET ended_at = NULL, idle_expires_at = expires_at WHERE user_id = $1', [userId]);
    expect(await app.sessionIsActive(before)).toBe(false);
    expect(await app.failure(identity.refreshSession, { realmId: app.realmId, refreshToken: before.refreshToken })).toMatchObject({ code: 'refresh-token-invalid' });
  });

  it('is told to the user by mail, also where it is the first that they have', async () => {
    await set(key);
    expect(await mailbox.fresh()).toMatchObject([{ to: email, content: { template: 'password-changed', by: 'administrator', mustChange: true, isFirst: false } }]);
    await complete(await stepToken());
    expect(await mailbox.fresh()).toMatchObject([{ to: email, content: { template: 'password-changed', by: 'user', mustChange: false, isFirst: false } }]);
    email = `first-${email}`;
    userId = app.contact(email);
    await set(key);
    expect(await mailbox.fresh()).toMatchObject([{ to: email, content: { template: 'password-changed', by: 'administrator', mustChange: true, isFirst: true } }]);
    await complete(await stepToken());
  });

  it('is the one whose holder must know it: a wrong one is a wrong password', async () => {
    await set(key);
    expect(await failureOf(enter('wrong horse battery'))).toEqual({ kind: 'unauthenticated', code: 'invalid-credentials', message: 'The user name or the password is wrong.' });
  });

  describe('whose step token', () => {
    beforeEach(async () => {
      await set(key);
    });

    it('was used is refused, with every other of the same password', async () => {
      const [one, other] = [await stepToken(), await stepToken()];
      await complete(one);
      for (const token of [one, other]) expect(await refusal(token, 'yet another password')).toEqual(invalid);
      expect(await enter(own)).toMatchObject({ step: 'done' });
    });

    it('is shown many times at once lets one in', async () => {
      const token = await stepToken();
      const tries = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => complete(token, `a password of number ${index}`)));
      const done = tries.flatMap((one, index) => (one.status === 'fulfilled' ? [index] : []));
      expect(done).toHaveLength(1);
      for (const one of tries) if (one.status === 'rejected') expect((one.reason as { value: object }).value).toEqual(invalid);
      expect(await enter(`a password of number ${done[0]!}`)).toMatchObject({ step: 'done' });
      expect(await app.database.query('SELECT count(*) AS count FROM sessions WHERE user_id = $1 AND ended_at IS NULL', [userId])).toEqual([{ count: 2 }]);
    });

    it.each([
      ['no other than the given one', given],
      ['too short', 'short'],
      ['the email', () => email],
      ['too common', 'password1'],
    ])('comes with a password that is %s is good for another', async (_, password) => {
      const token = await stepToken();
      expect(await refusal(token, typeof password === 'string' ? password : password())).toMatchObject({ kind: 'invalid', code: 'password-refused' });
      expect(await complete(token)).toMatchObject({ userId });
    });

    it('is of another realm, made up, tampered with, expired or something else is refused alike', async () => {
      const token = await stepToken();
      const tampered = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      const [{ version }] = (await app.database.query<{ version: number }>('SELECT version FROM logins WHERE user_id = $1', [userId])) as [{ version: number }];
      const clock = jest.spyOn(Date, 'now').mockReturnValueOnce(Date.now() - 601_000);
      const { stepToken: expired } = app.app.get(LoginSteps, { strict: false }).begin('new-password', { realmId: app.realmId, userId, version });
      clock.mockRestore();
      const failures = [
        await refusal(token, own, randomUUID()),
        await refusal(tampered),
        await refusal(expired),
        ...(await Promise.all(['', 'nonsense', '\0', 'x'.repeat(512), `rc_refresh_${'x'.repeat(60)}`].map((text) => refusal(text)))),
      ];
      for (const failure of failures) expect(failure).toEqual(failures[0]);
      expect(failures[0]).toEqual(invalid);
      expect(await complete(token, own, null)).toMatchObject({ userId });
    });

    it('is older than another password, a change of the email, or the end of the account is refused', async () => {
      const first = await stepToken();
      await set(key, given);
      expect(await refusal(first)).toEqual(invalid);
      const second = await stepToken();
      await app.call(identity.changeLoginNames, { realmId: app.realmId, userId, email: `new-${email}`, actor: key });
      email = `new-${email}`;
      expect(await refusal(second)).toEqual(invalid);
      const third = await stepToken();
      await app.call(identity.setUserStatus, { realmId: app.realmId, userId, isActive: false, actor: key });
      expect(await refusal(third)).toMatchObject({ kind: 'forbidden', code: 'user-inactive' });
      await app.call(identity.setUserStatus, { realmId: app.realmId, userId, isActive: true, actor: key });
      const fourth = await stepToken();
      await app.call(identity.suspendLogin, { realmId: app.realmId, userId, suspended: true });
      expect(await refusal(fourth)).toEqual(invalid);
      await app.call(identity.hideLogins, { realmId: app.realmId, userIds: [userId] });
      expect(await refusal(fourth)).toEqual(invalid);
    });
  });

  it('need not be changed any more once its user has reset it by a mailed link', async () => {
    await set(key);
    await app.call(identity.forgetPassword, { realmId: app.realmId, email, address: null });
    const { token } = await mailbox.link();
    await app.call(identity.resetPassword, { token, password: own });
    expect(await enter(own)).toMatchObject({ step: 'done' });
  });

  it('is not one that the user or the system sets, nor one of a project without the setting', async () => {
    for (const actor of [systemActor, { type: 'user' as const, id: userId }]) {
      await set(actor);
      expect(await enter(given)).toMatchObject({ step: 'done' });
    }
    app.projects.settings.set(app.realmId, { force_password_change: false });
    await set(key);
    expect(await enter(given)).toMatchObject({ step: 'done' });
    expect(await mailbox.fresh()).toContainEqual(expect.objectContaining({ content: expect.objectContaining({ by: 'administrator', mustChange: false }) }));
  });

  it('is one that a person registered somebody with, and not what a key did for who signs up', async () => {
    const register = async (actor: Actor) => {
      email = `registered${(count += 1)}@example.com`;
      ({ userId } = await app.call(identity.registerUser, { realmId: app.realmId, userId: randomUUID(), userName: null, password: given, isActive: true, roles: [], profile: { email }, grantor: { actor, permissions: [] } }));
    };
    await register(key);
    expect(await enter(given)).toMatchObject({ step: 'done' });
    expect(await mailbox.fresh()).toEqual([]);
    await register(staff);
    expect(await mailbox.fresh()).toMatchObject([{ to: email, content: { template: 'password-changed', by: 'administrator', mustChange: true, isFirst: true } }]);
    expect(await complete(await stepToken())).toMatchObject({ userId });
  });
});
