import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identity, staffRealmId, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { Sweep } from '../upkeep/sweep.js';

describe('setting a password', () => {
  let app: IdentityApp;
  let count = 0;
  const newEmail = () => `user${(count += 1)}@example.com`;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });
  beforeEach(() => {
    app.profiles.meanwhile = async () => undefined;
    app.profiles.refusesPushes = false;
  });

  const refusal = (userId: string, password: string) => failureOf(app.setPassword(userId, password));
  const rows = (userId: string) => app.database.query<{ status: string; login_email: string | null; version: number }>('SELECT status, login_email, version FROM logins WHERE user_id = $1', [userId]);
  const events = (userId: string) => app.database.query<{ data: object }>(`SELECT data FROM outbox WHERE type = 'identity.login.changed' AND data->>'userId' = $1 ORDER BY sequence`, [userId]);
  const changeEmail = (userId: string, email: string | null) => app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email });

  describe('of a user who could not log in', () => {
    it('lets them log in by their contact email, and tells profiles within the request', async () => {
      const email = newEmail();
      const userId = await app.user(email, 'correct horse battery');
      expect(await app.logIn(email, 'correct horse battery')).toMatchObject({ userId });
      const state = { userId, version: 1, userName: null, loginEmail: email, isActive: true, canLogIn: true };
      expect(app.profiles.pushed).toContainEqual(state);
      expect((await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] })).users).toMatchObject([state]);
      expect(await events(userId)).toEqual([{ data: { realmId: app.realmId, userId, version: 1, facts: ['login_email', 'password'] } }]);
    });

    it('works for staff', async () => {
      const email = newEmail();
      const userId = app.contact(email);
      await app.call(identity.setPassword, { realmId: staffRealmId, userId, password: 'correct horse battery', keepSessionId: null, actor: systemActor });
      expect(await app.call(identity.logIn, { ...app.loginRequest(email, 'correct horse battery'), realmId: staffRealmId })).toMatchObject({ userId });
    });

    it('uses the email that profiles changed meanwhile', async () => {
      const [before, after] = [newEmail(), newEmail()];
      const userId = app.contact(before);
      app.profiles.meanwhile = async () => expect(await changeEmail(userId, after)).toMatchObject({ applied: true });
      await app.setPassword(userId, 'correct horse battery');
      expect(await rows(userId)).toEqual([{ status: 'active', login_email: after, version: expect.any(Number) }]);
      expect(await app.logIn(after, 'correct horse battery')).toMatchObject({ userId });
    });

    it('keeps the email meanwhile from being removed, or from becoming that of somebody who can log in', async () => {
      const [email, taken] = [newEmail(), newEmail()];
      await app.user(taken, 'correct horse battery');
      const userId = app.contact(email);
      app.profiles.meanwhile = async () => {
        expect(await failureOf(changeEmail(userId, null))).toMatchObject({ kind: 'conflict', code: 'email-missing' });
        expect(await failureOf(changeEmail(userId, taken.toUpperCase()))).toMatchObject({ kind: 'conflict', code: 'email-taken' });
      };
      await app.setPassword(userId, 'correct horse battery');
      expect(await app.logIn(email, 'correct horse battery')).toMatchObject({ userId });
    });

    it.each([
      ['profiles does not know', () => randomUUID(), 'correct horse battery', 'not-found', 'user-not-found'],
      ['has no email', () => app.contact(null), 'correct horse battery', 'conflict', 'email-missing'],
      ['has the password as email', () => app.contact('Horse@Example.com'), 'horse@example.com', 'invalid', 'password-refused'],
    ])('is refused for one who %s, and leaves nothing behind', async (_who, user, password, kind, code) => {
      const userId = user();
      expect(await refusal(userId, password)).toMatchObject({ kind, code });
      expect(await rows(userId)).toEqual([]);
      expect(await events(userId)).toEqual([]);
    });

    it('is refused when another user of the realm logs in with the email, whatever the case, and leaves nothing behind', async () => {
      const email = newEmail();
      await app.user(email, 'correct horse battery');
      const userId = app.contact(email.toUpperCase());
      expect(await refusal(userId, 'correct horse battery')).toMatchObject({ kind: 'conflict', code: 'email-taken' });
      expect(await rows(userId)).toEqual([]);
      expect(await changeEmail(userId, email)).toEqual({ applied: false });
    });

    it('does not mind the same email in another realm', async () => {
      const email = newEmail();
      await app.user(email, 'correct horse battery');
      const userId = app.contact(email);
      await app.call(identity.setPassword, { realmId: randomUUID(), userId, password: 'correct horse battery', keepSessionId: null, actor: systemActor });
      expect(await rows(userId)).toMatchObject([{ status: 'active' }]);
    });

    it('gives exactly one of two users with one email a login, when both are given passwords many times at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const email = newEmail();
        const users = [app.contact(email), app.contact(email)];
        const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => app.setPassword(users[index % 2]!, 'correct horse battery')));
        const states = await Promise.all(users.map(rows));
        expect(states.filter((state) => state.length === 1)).toHaveLength(1);
        const winner = users[states.findIndex((state) => state.length === 1)]!;
        const outcomes = results.map((result, index) => ({ won: users[index % 2] === winner, ok: result.status === 'fulfilled', code: result.status === 'rejected' ? (result.reason as { value?: { code: string } }).value?.code : undefined }));
        for (const { won, ok, code } of outcomes) expect({ ok, code }).toEqual(won ? { ok: true, code: undefined } : { ok: false, code: 'email-taken' });
        expect(await app.logIn(email, 'correct horse battery')).toMatchObject({ userId: winner });
      }
    });

    it('that broke off is released by the sweep after 30 s, and is no login until then', async () => {
      const userId = app.contact(newEmail());
      const sweep = app.app.get(Sweep, { strict: false });
      await app.database.execute(`INSERT INTO logins (realm_id, user_id, status, reservation_id, reserved_at) VALUES ($1, $2, 'pending', gen_random_uuid(), now() - interval '29 seconds')`, [app.realmId, userId]);
      await sweep.execute();
      expect(await rows(userId)).toHaveLength(1);
      expect((await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] })).users).toEqual([]);
      await app.database.execute(`UPDATE logins SET reserved_at = now() - interval '31 seconds' WHERE user_id = $1`, [userId]);
      expect(await sweep.execute()).toMatchObject({ pendingLogins: 1 });
      expect(await rows(userId)).toEqual([]);
    });

    it('goes on when the sweep takes the pending row of a slow request', async () => {
      const email = newEmail();
      const userId = app.contact(email);
      app.profiles.meanwhile = async () => {
        app.profiles.meanwhile = async () => undefined;
        await app.database.execute('DELETE FROM logins WHERE user_id = $1', [userId]);
      };
      await app.setPassword(userId, 'correct horse battery');
      expect(await app.logIn(email, 'correct horse battery')).toMatchObject({ userId });
    });
  });

  it('replaces the old password, and ends the other sessions of the user', async () => {
    const [email, other] = [newEmail(), newEmail()];
    const userId = await app.user(email, 'the first password');
    await app.user(other, 'somebody else here');
    const [kept, ended, foreign] = [await app.logIn(email, 'the first password'), await app.logIn(email, 'the first password'), await app.logIn(other, 'somebody else here')];
    const keepSessionId = JSON.parse(Buffer.from(kept.accessToken.split('.')[1]!, 'base64url').toString()).sid as string;
    await app.setPassword(userId, 'the second password', keepSessionId);

    expect(await Promise.all([kept, ended, foreign].map((tokens) => app.sessionIsActive(tokens)))).toEqual([true, false, true]);
    expect(await failureOf(app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: ended.refreshToken }))).toMatchObject({ code: 'refresh-token-invalid' });
    expect(await failureOf(app.logIn(email, 'the first password'))).toMatchObject({ code: 'invalid-credentials' });
    expect(await app.logIn(email, 'the second password')).toMatchObject({ userId });
    expect((await events(userId)).at(-1)).toEqual({ data: { realmId: app.realmId, userId, version: 2, facts: ['password'] } });
  });

  it('is done although profiles does not take the new state, which the event repeats', async () => {
    app.profiles.refusesPushes = true;
    const email = newEmail();
    const userId = await app.user(email, 'correct horse battery');
    expect(await app.logIn(email, 'correct horse battery')).toMatchObject({ userId });
    await eventually(async () => expect(await events(userId)).toHaveLength(1));
    expect(app.log.atLeast(40).some(({ msg }) => msg.startsWith('profiles did not take'))).toBe(true);
  });

  it.each([
    ['has 7 characters', 'aB3$xyz', 'must have at least 8 characters'],
    ['has 8 characters that are 7 after NFKC', 'aB3$xye\u0301', 'must have at least 8 characters'],
    ['has 257 characters', `${'x1'.repeat(128)}y`, 'must have at most 256 characters'],
    ['is common', 'iloveyou', 'is among the most common ones, which are tried first by whoever guesses'],
    ['is common but for the case', 'PassWord1', 'is among the most common ones, which are tried first by whoever guesses'],
    ['has half of a surrogate pair', 'correct \ud800 battery', 'must not contain half of a surrogate pair'],
  ])('is refused when it %s, saying so', async (_why, password, mistake) => {
    const userId = app.contact(newEmail());
    expect(await refusal(userId, password)).toEqual({ kind: 'invalid', code: 'password-refused', message: `The password ${mistake}.`, details: [{ path: 'password', message: mistake }] });
    expect(await rows(userId)).toEqual([]);
  });

  it('is refused when it is the login email of somebody who can log in already', async () => {
    const userId = await app.user('horse.two@example.com', 'correct horse battery');
    expect(await refusal(userId, 'Horse.Two@example.com')).toMatchObject({ code: 'password-refused', message: 'The password must not be the user name or the email.' });
    expect(await app.logIn('horse.two@example.com', 'correct horse battery')).toMatchObject({ userId });
  });

  it.each([['8 characters', 'aB3$xyzw'], ['256 characters', 'x1'.repeat(128)], ['emoji', '🐎🔋📎🪝🧲🧬🧪🧫'], ['common passwords in a row', 'baseball football']])('takes %s', async (_what, password) => {
    const email = newEmail();
    const userId = await app.user(email, password);
    expect(await app.logIn(email, password)).toMatchObject({ userId });
  });

  it('takes the same password in whatever way its letters were composed', async () => {
    const email = newEmail();
    const userId = await app.user(email, 'cr\u00e8me br\u00fbl\u00e9e');
    expect(await app.logIn(email, 'cre\u0300me bru\u0302le\u0301e')).toMatchObject({ userId });
  });

  it('never logs passwords, hashes or emails', () => {
    expect(app.log.text).not.toMatch(/horse|@example|argon2/i);
  });
});
