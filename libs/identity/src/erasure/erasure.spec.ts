import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';

describe('erasing logins', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const newEmail = () => `canary${(count += 1)}@example.com`;
  const hide = (...userIds: string[]) => app.call(identity.hideLogins, { realmId: app.realmId, userIds });
  const erase = async (...userIds: string[]) => (await app.call(identity.eraseLogins, { realmId: app.realmId, userIds })).erased;
  const remains = async (...userIds: string[]) => (await app.call(identity.countLoginRemains, { realmId: app.realmId, userIds })).remains;
  const dump = async () => JSON.stringify(await Promise.all(['logins', 'sessions', 'login_throttles', 'outbox'].map((table) => app.database.query(`SELECT t::text FROM ${table} t`))));

  describe('hiding', () => {
    it('ends the sessions, and makes the login that of an unknown user', async () => {
      const email = newEmail();
      const userId = await app.user(email, password);
      const tokens = await app.logIn(email, password);
      expect(await hide(userId)).toEqual({ hidden: 1 });
      expect(await app.sessionIsActive(tokens)).toBe(false);
      expect(await app.database.query('SELECT end_reason AS reason FROM sessions WHERE user_id = $1 AND ended_at IS NOT NULL', [userId])).toEqual([{ reason: 'hidden' }]);
      expect(await failureOf(app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: tokens.refreshToken }))).toMatchObject({ code: 'refresh-token-invalid' });
      expect(await failureOf(app.logIn(email, password))).toEqual(await failureOf(app.logIn('nobody@example.com', password)));
      expect((await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] })).users).toEqual([]);
    });

    it('frees the names at once', async () => {
      const email = newEmail();
      await hide(await app.user(email, password));
      const successor = await app.user(email, 'another good password');
      expect(await app.logIn(email, 'another good password')).toMatchObject({ userId: successor });
    });

    it('leaves nothing of the user in the tables but ids', async () => {
      const userId = await app.user('only-this-canary@example.com', password);
      await app.call(identity.logIn, { ...app.loginRequest('only-this-canary@example.com', password), userAgent: null });
      await failureOf(app.logIn('only-this-canary@example.com', 'wrong horse battery'));
      await hide(userId);
      expect(await dump()).not.toContain('only-this-canary');
      const [row] = await app.database.query('SELECT user_name, login_email, password_hash, last_login_at FROM logins WHERE user_id = $1', [userId]);
      expect(row).toEqual({ user_name: null, login_email: null, password_hash: null, last_login_at: null });
    });

    it('keeps the user from being given a password, or an email', async () => {
      const userId = await app.user(newEmail(), password);
      await hide(userId);
      expect(await failureOf(app.setPassword(userId, 'another good password'))).toMatchObject({ kind: 'not-found', code: 'user-not-found' });
      expect(await app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email: newEmail() })).toEqual({ applied: false });
    });

    it('reaches a login that is just being made', async () => {
      const userId = app.contact(newEmail());
      app.profiles.meanwhile = async () => void (await hide(userId));
      expect(await failureOf(app.setPassword(userId, password))).toMatchObject({ code: 'user-not-found' });
      app.profiles.meanwhile = async () => undefined;
      expect((await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] })).users).toEqual([]);
    });

    it('again changes nothing, and is announced once', async () => {
      const userId = await app.user(newEmail(), password);
      await hide(userId);
      expect(await hide(userId, randomUUID())).toEqual({ hidden: 0 });
      const events = await app.database.query(`SELECT data FROM outbox WHERE data->>'userId' = $1 AND data->'facts' ? 'status'`, [userId]);
      expect(events).toEqual([{ data: { realmId: app.realmId, userId, version: 2, facts: ['status'] } }]);
    });

    it('leaves users of other realms and other users alone', async () => {
      const [email, other] = [newEmail(), newEmail()];
      const userId = await app.user(email, password);
      const tokens = await app.logIn(email, password);
      await hide(await app.user(other, password));
      expect(await app.call(identity.hideLogins, { realmId: randomUUID(), userIds: [userId] })).toEqual({ hidden: 0 });
      expect(await app.sessionIsActive(tokens)).toBe(true);
    });

    it('does not stumble over logins and refreshes that happen at the same time', async () => {
      const emails = Array.from({ length: 6 }, newEmail);
      const users = await Promise.all(emails.map((email) => app.user(email, password)));
      const tokens = await Promise.all(emails.map((email) => app.logIn(email, password)));
      const [logins] = await Promise.all([
        Promise.allSettled(emails.flatMap((email) => [app.logIn(email, password), app.logIn(email, password)])),
        Promise.allSettled(tokens.map(({ refreshToken }) => app.call(identity.refreshSession, { realmId: app.realmId, refreshToken }))),
        hide(...users),
        hide(...[...users].reverse()),
      ]);
      for (const login of logins) if (login.status === 'fulfilled') expect(await app.sessionIsActive(login.value)).toBe(false);
      for (const session of tokens) expect(await app.sessionIsActive(session)).toBe(false);
      expect(app.log.atLeast(50)).toEqual([]);
    });
  });

  it('deletes every row about the users, says how many, and finds none when asked again', async () => {
    const emails = [newEmail(), newEmail()];
    const users = await Promise.all(emails.map((email) => app.user(email, password)));
    const bystander = await app.user(newEmail(), password);
    for (const email of emails) await app.logIn(email, password);
    await app.logIn(emails[0]!, password);
    for (const userId of users) {
      await app.database.execute(`INSERT INTO sso_links (realm_id, organisation_id, subject_hash, user_id) VALUES ($1, gen_random_uuid(), '\\x01', $2)`, [app.realmId, userId]);
      await app.database.execute(`INSERT INTO sso_codes (realm_id, code_hash, user_id, expires_at) VALUES ($1, decode(md5($2::uuid::text), 'hex'), $2::uuid, now())`, [app.realmId, userId]);
    }
    expect(await remains(...users)).toMatchObject({ logins: 2, sessions: 3, sso_codes: 2, sso_links: 2 });
    await hide(...users);
    expect(await erase(...users)).toEqual({ login_names: 0, login_throttles: 0, logins: 2, outgoing_mails: 0, sessions: 3, sso_codes: 2, sso_links: 2 });
    expect(await remains(...users)).toEqual({ login_names: 0, login_throttles: 0, logins: 0, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
    expect(await erase(...users)).toEqual({ login_names: 0, login_throttles: 0, logins: 0, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
    expect(await remains(bystander)).toMatchObject({ logins: 1 });
    for (const userId of users) {
      const [logins, sessions] = [await app.database.query('SELECT 1 FROM logins WHERE user_id = $1', [userId]), await app.database.query('SELECT 1 FROM sessions WHERE user_id = $1', [userId])];
      expect([...logins, ...sessions]).toEqual([]);
    }
  });

  it('takes the throttles of the names along, hidden before or not', async () => {
    const [hidden, straight] = [newEmail(), newEmail()];
    const users = [await app.user(hidden, password), await app.user(straight, password)];
    const throttles = async () => (await app.database.query<{ count: number }>('SELECT count(*) AS count FROM login_throttles WHERE failures > 0'))[0]!.count;
    const before = await throttles();
    for (const email of [hidden, straight]) await failureOf(app.logIn(email, 'wrong horse battery'));
    expect(await throttles()).toBe(before + 2);
    await hide(users[0]!);
    expect(await throttles()).toBe(before + 1);
    expect(await remains(users[1]!)).toEqual({ login_names: 1, login_throttles: 1, logins: 1, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
    expect(await erase(users[1]!)).toEqual({ login_names: 1, login_throttles: 1, logins: 1, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
    expect(await throttles()).toBe(before);
  });

  it('is nothing for users without a login', async () => {
    expect(await hide(randomUUID())).toEqual({ hidden: 0 });
    expect(await erase(randomUUID())).toEqual({ login_names: 0, login_throttles: 0, logins: 0, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
    expect(await remains(randomUUID())).toEqual({ login_names: 0, login_throttles: 0, logins: 0, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
  });
});
