import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getMail, identity, systemActor } from '#libs/contracts';
import { claimsOf, IdentityApp } from '../spec-support/identity-app.js';
import { Mailbox } from '../spec-support/mailbox.js';
import { Sweep } from '../upkeep/sweep.js';

const old = 'correct horse battery';
const fresh = 'another horse entirely';

describe('what users do about their own login', () => {
  let app: IdentityApp;
  let mailbox: Mailbox;
  let email: string;
  let userId: string;
  let realmId: string;
  beforeAll(async () => {
    app = await IdentityApp.start();
    mailbox = new Mailbox(app);
    realmId = app.realmId;
  });
  beforeEach(async () => {
    email = `Ada.${randomUUID()}@example.com`;
    userId = await app.user(email, old);
    await mailbox.fresh();
  });

  const forget = (whose = email, address: string | null = null) => app.call(identity.forgetPassword, { realmId, email: whose, address });
  const reset = (token: string, password = fresh) => app.call(identity.resetPassword, { token, password });
  const refusal = async (call: Promise<unknown>) => (await call.then(() => undefined, (error: unknown) => (error as { value?: { code: string } }).value?.code)) ?? 'none';
  const sessionOf = (tokens: identity.IssuedTokens) => claimsOf(tokens.accessToken)['sid'] as string;
  const own = () => app.call(identity.getOwnLogin, { realmId, userId });

  describe('resetting a forgotten password', () => {
    it('sets the new one by the mailed link, once; ends every session, says so by mail, and counts as confirming the address', async () => {
      const session = await app.logIn(email, old);
      await forget(email.toUpperCase());
      const link = await mailbox.link();
      expect(link).toMatchObject({ to: email, template: 'password-reset' });
      await reset(link.token);
      expect(await app.sessionIsActive(session)).toBe(false);
      await app.logIn(email, fresh);
      expect(await refusal(app.logIn(email, old))).toBe('invalid-credentials');
      expect(await refusal(reset(link.token))).toBe('token-invalid');
      expect(await mailbox.fresh()).toEqual([{ to: email, content: { template: 'password-changed', by: 'reset', mustChange: false, isFirst: false, changedAt: expect.any(String) } }]);
      expect((await own()).emailVerifiedAt).not.toBeNull();
    });

    it('sets the first one of somebody whose address is theirs, and who has none: they were invited, or came by a single sign-on', async () => {
      const address = `Grace.${randomUUID()}@example.com`;
      const grace = app.contact(address);
      await app.call(identity.claimLoginEmail, { realmId, newUserId: grace, email: address });
      await forget(address);
      const { token } = await mailbox.link();
      expect(await refusal(reset(token, address))).toBe('password-refused');
      await reset(token);
      expect(await app.logIn(address, fresh)).toMatchObject({ userId: grace });
      expect((await app.call(identity.describeLogins, { realmId, userIds: [grace] })).users).toMatchObject([{ loginEmail: address, canLogIn: true }]);
      expect(await refusal(reset(token))).toBe('token-invalid');
    });

    it('stores nothing of the token but its hash, and makes the same token when it is asked for again', async () => {
      await forget();
      const [row] = await app.database.query<{ mailId: string; row: string }>('SELECT mail_id AS "mailId", to_jsonb(m)::text AS row FROM outgoing_mails m ORDER BY seq DESC LIMIT 1');
      const { token } = await mailbox.link();
      expect(row!.row).not.toContain(token.split('_')[3]!.slice(0, 20));
      expect(await app.database.query(`SELECT 1 FROM outbox WHERE data::text LIKE '%' || $1 || '%'`, [token.split('_')[3]!.slice(0, 20)])).toEqual([]);
      expect(token).toMatch(/^rc_reset_/);
      expect((await app.call(getMail.identity, { realmId, mailId: row!.mailId })).mail!.content).toMatchObject({ token });
    });

    it('is won by one of a hundred who use the link at once', async () => {
      await forget();
      const { token } = await mailbox.link();
      const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => refusal(reset(token, `password of nr ${index}`))));
      expect(outcomes.filter((outcome) => outcome === 'none')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'token-invalid')).toHaveLength(99);
      await app.logIn(email, `password of nr ${outcomes.indexOf('none')}`);
    });

    it('does not use the link up with a password that is refused', async () => {
      await forget();
      const { token } = await mailbox.link();
      expect(await refusal(reset(token, 'short'))).toBe('password-refused');
      expect(await refusal(reset(token, email))).toBe('password-refused');
      await reset(token);
    });

    it.each([
      ['a newer link was mailed', () => forget()],
      ['the password was changed', () => app.setPassword(userId, 'some other password')],
      ['the email was changed', () => app.call(identity.changeLoginEmail, { realmId, userId, email: `new-${email}` })],
      ['the user was hidden', () => app.call(identity.hideLogins, { realmId, userIds: [userId] })],
      ['its time is over', () => app.database.query(`UPDATE outgoing_mails SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [userId])],
    ])('is refused once %s', async (_, happens) => {
      await forget();
      const { token } = await mailbox.link();
      await happens();
      expect(await refusal(reset(token))).toBe('token-invalid');
    });

    it.each(['', 'rc_reset_', 'not a token', `rc_refresh_${'0'.repeat(80)}`])('is refused with %j as its token', async (token) => {
      expect(await refusal(reset(token))).toBe('token-invalid');
    });

    it('sends nothing to nobody: an address that is unknown, of an inactive user, or of another realm', async () => {
      await app.database.query('UPDATE logins SET is_active = false WHERE user_id = $1', [userId]);
      await forget();
      await forget('nobody@example.com');
      await app.call(identity.forgetPassword, { realmId: randomUUID(), email, address: null });
      expect(await mailbox.fresh()).toEqual([null, null, null]);
    });

    it('writes the same rows and events for an address that nobody has', async () => {
      const written = async (whose: string) => {
        const before = await counts();
        await forget(whose);
        const after = await counts();
        return Object.fromEntries(Object.entries(after).map(([table, count]) => [table, count - before[table as keyof typeof before]]));
      };
      const counts = async () => (await app.database.query<Record<'mails' | 'events' | 'throttles', number>>('SELECT (SELECT count(*) FROM outgoing_mails) AS mails, (SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM mail_throttles) AS throttles'))[0]!;
      expect(await written(email)).toEqual({ mails: 1, events: 1, throttles: 2 });
      expect(await written(`nobody.${randomUUID()}@example.com`)).toEqual({ mails: 1, events: 1, throttles: 2 });
    });

    it('mails an address no more than five links an hour, also when many are asked for at once, and answers as before', async () => {
      await Promise.all(Array.from({ length: 20 }, () => forget()));
      const [{ sent }] = (await app.database.query<{ sent: number }>('SELECT count(*) AS sent FROM outgoing_mails WHERE user_id = $1', [userId])) as [{ sent: number }];
      expect(sent).toBe(5);
      expect(await forget()).toEqual({});
    });

    it('mails an address no more than so many an hour from all realms together, but where its owner has confirmed it', async () => {
      const bounded = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { MAILS_PER_MAILBOX: '7' } });
      const realms = Array.from({ length: 4 }, () => randomUUID());
      for (const realm of realms) await bounded.call(identity.setPassword, { realmId: realm, userId: bounded.contact(email), password: old, keepSessionId: null, actor: systemActor });
      const ask = (realm: string) => Promise.all(Array.from({ length: 3 }, () => bounded.call(identity.forgetPassword, { realmId: realm, email, address: null })));
      await bounded.call(identity.forgetPassword, { realmId: randomUUID(), email, address: null });
      for (const realm of realms) await ask(realm);
      const sent = async () => (await bounded.database.query('SELECT FROM outgoing_mails WHERE email = $1', [email])).length;
      expect(await sent()).toBe(7);
      await bounded.database.execute('UPDATE logins SET verified_email = login_email_canonical, email_verified_at = now() WHERE realm_id = $1', [realmId]);
      await ask(realmId);
      expect(await sent()).toBe(10);
    });

    it('lets the owner in again whom strangers had held back', async () => {
      for (let count = 0; count < 10; count += 1) await refusal(app.logIn(email, 'wrong password'));
      expect(await refusal(app.logIn(email, old))).toBe('too-many-attempts');
      await forget();
      await reset((await mailbox.link()).token);
      await app.logIn(email, fresh);
    });
  });

  it('refuses a network address that asks for mail too often, whomever it is about', async () => {
    const strict = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { MAIL_REQUESTS_PER_ADDRESS: '2' } });
    const ask = (whose: string) => refusal(strict.call(identity.forgetPassword, { realmId, email: whose, address: '192.0.2.7' }));
    expect([await ask(email), await ask('nobody@example.com'), await ask(email), await ask('nobody@example.com')]).toEqual(['none', 'none', 'too-many-attempts', 'too-many-attempts']);
    expect(await forget(email, '192.0.2.8')).toEqual({});
  });

  describe('confirming the email', () => {
    const verify = () => app.call(identity.sendEmailVerification, { realmId, email, address: null });
    const confirm = (token: string) => app.call(identity.confirmEmail, { token });

    it('takes the mailed link, once, and is not asked for again', async () => {
      expect((await own()).emailVerifiedAt).toBeNull();
      await verify();
      const link = await mailbox.link();
      expect(link).toMatchObject({ to: email, template: 'email-verification' });
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => refusal(confirm(link.token))));
      expect(outcomes.filter((outcome) => outcome === 'none')).toHaveLength(1);
      expect((await own()).emailVerifiedAt).not.toBeNull();
      await verify();
      expect(await mailbox.fresh()).toEqual([null]);
    });

    it('does not confirm an address that came after it', async () => {
      await verify();
      const { token } = await mailbox.link();
      await app.call(identity.changeLoginEmail, { realmId, userId, email: `new-${email}` });
      expect(await refusal(confirm(token))).toBe('token-invalid');
      expect((await own()).emailVerifiedAt).toBeNull();
    });

    it('of a reset is no confirmation: a token is good for its own purpose', async () => {
      await forget();
      const { token } = await mailbox.link();
      expect(await refusal(confirm(token))).toBe('token-invalid');
      await verify();
      expect(await refusal(reset((await mailbox.link()).token))).toBe('token-invalid');
    });
  });

  describe('changing one’s own password', () => {
    it('takes the present one, keeps the session that did it, ends the others, and is told by mail', async () => {
      const [here, elsewhere] = [await app.logIn(email, old), await app.logIn(email, old)];
      const change = (current: string) => app.call(identity.changeOwnPassword, { realmId, userId, sessionId: sessionOf(here), current, password: fresh });
      expect(await refusal(change('wrong password'))).toBe('password-wrong');
      await change(old);
      expect([await app.sessionIsActive(here), await app.sessionIsActive(elsewhere)]).toEqual([true, false]);
      await app.logIn(email, fresh);
      expect(await mailbox.fresh()).toMatchObject([{ to: email, content: { template: 'password-changed', by: 'user' } }]);
    });

    it('is held back after ten wrong guesses, which keep nobody from logging in', async () => {
      const change = (current: string) => app.call(identity.changeOwnPassword, { realmId, userId, sessionId: randomUUID(), current, password: fresh });
      for (let count = 0; count < 10; count += 1) expect(await refusal(change('wrong password'))).toBe('password-wrong');
      expect(await refusal(change(old))).toBe('too-many-attempts');
      await app.logIn(email, old);
    });

    it('is done by one of several who know the present one', async () => {
      const outcomes = await Promise.all(Array.from({ length: 5 }, (_, index) => refusal(app.call(identity.changeOwnPassword, { realmId, userId, sessionId: randomUUID(), current: old, password: `password of nr ${index}` }))));
      expect(outcomes.filter((outcome) => outcome === 'none')).toHaveLength(1);
      await app.logIn(email, `password of nr ${outcomes.indexOf('none')}`);
    });
  });

  describe('changing one’s own email', () => {
    let next: string;
    beforeEach(() => {
      next = `next-${email}`;
    });
    const change = (to: string, password = old) => app.call(identity.changeOwnEmail, { realmId, userId, email: to, password });

    it('is done when the new address confirms it; the old one is told of both', async () => {
      await change(next);
      const [link, notice] = await mailbox.fresh();
      expect(link).toMatchObject({ to: next, content: { template: 'email-change' } });
      expect(notice).toMatchObject({ to: email, content: { template: 'email-change-notice', newEmail: 'n•••@example.com', confirmed: false } });
      expect((await own()).loginEmail).toBe(email);
      await app.call(identity.confirmEmail, { token: (link!.content as { token: string }).token });
      expect(await own()).toMatchObject({ loginEmail: next, emailVerifiedAt: expect.any(String) });
      expect(app.profiles.pushed.at(-1)).toMatchObject({ userId, loginEmail: next });
      expect(await mailbox.fresh()).toMatchObject([{ to: email, content: { template: 'email-change-notice', confirmed: true } }]);
      await app.logIn(next, old);
      expect(await refusal(app.logIn(email, old))).toBe('invalid-credentials');
    });

    it('takes the password', async () => {
      expect(await refusal(change(next, 'wrong password'))).toBe('password-wrong');
      expect(await mailbox.fresh()).toEqual([]);
    });

    it('to the present one is refused', async () => {
      expect(await refusal(change(email.toLowerCase()))).toBe('email-unchanged');
    });

    it('to an address that is taken answers the same, and mails it nothing', async () => {
      await app.user(next, old);
      expect(await change(next)).toEqual({});
      expect(await mailbox.fresh()).toMatchObject([null, { to: email }]);
    });

    it('to an address that somebody gets meanwhile is a conflict, and leaves the link as it was', async () => {
      await change(next);
      const { token } = await mailbox.link();
      const other = await app.user(next, old);
      expect(await refusal(app.call(identity.confirmEmail, { token }))).toBe('email-taken');
      await app.call(identity.changeLoginEmail, { realmId, userId: other, email: `other-${email}` });
      await app.call(identity.confirmEmail, { token });
      expect((await own()).loginEmail).toBe(next);
    });

    it('is over when the password is changed before it is confirmed', async () => {
      await change(next);
      const { token } = await mailbox.link();
      await app.setPassword(userId, fresh);
      expect(await refusal(app.call(identity.confirmEmail, { token }))).toBe('token-invalid');
    });

    it('waits while the user is deleted: the address that they come back with is the one they went with', async () => {
      await change(next);
      const { token } = await mailbox.link();
      const suspend = (suspended: boolean) => app.call(identity.suspendLogin, { realmId, userId, suspended });
      await suspend(true);
      expect(await refusal(app.call(identity.confirmEmail, { token }))).toBe('token-invalid');
      expect((await own()).loginEmail).toBe(email);
      await suspend(false);
      await app.call(identity.confirmEmail, { token });
      expect((await own()).loginEmail).toBe(next);
    });

    it('is asked for five times an hour at the most, whatever the addresses', async () => {
      for (let count = 0; count < 5; count += 1) await change(`${count}-${email}`);
      expect(await refusal(change(next))).toBe('too-many-attempts');
    });
  });

  it('is told to the user when an administrator sets the password, and not when the system does', async () => {
    await app.call(identity.setPassword, { realmId, userId, password: fresh, keepSessionId: null, actor: { type: 'credential', id: randomUUID() } });
    expect(await mailbox.fresh()).toMatchObject([{ content: { template: 'password-changed', by: 'administrator' } }]);
    await app.call(identity.setPassword, { realmId, userId, password: old, keepSessionId: null, actor: systemActor });
    expect(await mailbox.fresh()).toEqual([]);
  });

  it('is told to the user five times an hour at the most when administrators set passwords, and then when they do so themselves', async () => {
    for (let count = 0; count < 7; count += 1) await app.call(identity.setPassword, { realmId, userId, password: old, keepSessionId: null, actor: { type: 'credential', id: randomUUID() } });
    expect(await mailbox.fresh()).toHaveLength(5);
    const session = await app.logIn(email, old);
    await app.call(identity.changeOwnPassword, { realmId, userId, sessionId: sessionOf(session), current: old, password: fresh });
    expect(await mailbox.fresh()).toMatchObject([{ content: { template: 'password-changed', by: 'user' } }]);
  });

  it('is not mailed a link while they are deleted, and one of before does not work', async () => {
    const suspend = (suspended: boolean) => app.call(identity.suspendLogin, { realmId, userId, suspended });
    await forget();
    const { token } = await mailbox.link();
    await suspend(true);
    await forget();
    expect(await mailbox.fresh()).toEqual([null]);
    expect(await refusal(reset(token))).toBe('token-invalid');
    await suspend(false);
    await forget();
    await suspend(true);
    expect(await mailbox.fresh()).toEqual([null]);
    await suspend(false);
    await forget();
    await reset((await mailbox.link()).token);
  });

  it('leaves no mail of a user who is erased, and of nobody when its time is over', async () => {
    await forget();
    await app.call(identity.eraseLogins, { realmId, userIds: [userId] });
    expect(await app.database.query('SELECT 1 FROM outgoing_mails WHERE user_id = $1', [userId])).toEqual([]);
    await forget('nobody@example.com');
    await app.database.query(`UPDATE outgoing_mails SET expires_at = now() - interval '2 hours'`);
    await app.database.query(`UPDATE mail_throttles SET ends_at = now() - interval '1 second'`);
    await app.app.get(Sweep, { strict: false }).execute();
    expect(await app.database.query('SELECT 1 FROM outgoing_mails UNION ALL SELECT 1 FROM mail_throttles')).toEqual([]);
  });
});
