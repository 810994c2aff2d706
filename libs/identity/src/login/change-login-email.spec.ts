import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, type Actor } from '#libs/contracts';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { Mailbox } from '../spec-support/mailbox.js';

describe('changing a login email', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  let count = 0;
  const newEmail = () => `user${(count += 1)}@example.com`;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const change = (userId: string, email: string | null) => app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email });
  const events = (userId: string) => app.database.query<{ data: { version: number; facts: string[] } }>(`SELECT data FROM outbox WHERE data->>'userId' = $1 ORDER BY sequence`, [userId]);
  const state = async (userId: string) => (await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] })).users[0];

  it('moves the login to the new email, keeps the sessions, and is announced', async () => {
    const [before, after] = [newEmail(), newEmail()];
    const userId = await app.user(before, password);
    const tokens = await app.logIn(before, password);
    expect(await change(userId, after)).toEqual({ applied: true, before });
    expect(await app.logIn(after, password)).toMatchObject({ userId });
    expect(await failureOf(app.logIn(before, password))).toMatchObject({ code: 'invalid-credentials' });
    expect(await app.sessionIsActive(tokens)).toBe(true);
    expect(await state(userId)).toMatchObject({ version: 2, loginEmail: after });
    expect((await events(userId)).at(-1)).toEqual({ data: { realmId: app.realmId, userId, version: 2, facts: ['login_email'] } });
  });

  it('tells the address that there was, five times an hour at the most, and not what changed nothing or was taken back', async () => {
    const mailbox = new Mailbox(app);
    const [first, second] = [newEmail(), newEmail()];
    const userId = await app.user(first, password);
    const names = (email: string | null, actor: Actor) => app.call(identity.changeLoginNames, { realmId: app.realmId, userId, userName: `u-${userId}`, email, actor });
    await mailbox.fresh();
    const notice = { template: 'email-change-notice', newEmail: 'u•••@example.com', confirmed: true, by: 'others', changedAt: expect.any(String) };
    await change(userId, second);
    expect(await mailbox.fresh()).toEqual([{ to: first, content: notice }]);
    await change(userId, second.toUpperCase());
    await app.call(identity.checkLoginEmail, { realmId: app.realmId, userId, email: newEmail() });
    expect(await mailbox.fresh()).toEqual([]);
    const third = newEmail();
    await change(userId, third);
    await app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email: second, onlyFrom: third });
    expect(await mailbox.fresh()).toEqual([null]);
    await names(first, { type: 'user', id: userId });
    await names(null, { type: 'credential', id: randomUUID() });
    expect(await mailbox.fresh()).toMatchObject([{ to: second, content: { by: 'user' } }, { to: first, content: { by: 'others', newEmail: '•••' } }]);
    await change(userId, third);
    for (let time = 0; time < 7; time += 1) for (const email of [newEmail(), third]) await change(userId, email);
    expect((await app.database.query('SELECT FROM outgoing_mails WHERE user_id = $1 AND email = $2', [userId, third]))).toHaveLength(5);
  });

  it('can be asked about, and then changes nothing and is announced to nobody', async () => {
    const [email, taken] = [newEmail(), newEmail()];
    const userId = await app.user(email, password);
    await app.user(taken, password);
    const [before, told] = [await state(userId), await events(userId)];
    const check = (to: string | null) => app.call(identity.checkLoginEmail, { realmId: app.realmId, userId, email: to });
    expect(await check(newEmail())).toEqual({});
    expect(await failureOf(check(taken))).toMatchObject({ code: 'email-taken' });
    expect(await failureOf(check(null))).toMatchObject({ code: 'email-missing' });
    expect([await state(userId), await events(userId)]).toEqual([before, told]);
  });

  it('is refused to whoever may change contact data only, where there was an email and where there was none, and then changes nothing', async () => {
    const contactOnly = (userId: string, email: string) => app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email, contactOnly: true });
    const email = newEmail();
    const userId = await app.user(email, password);
    expect(await contactOnly(userId, newEmail())).toEqual({ applied: false, refused: true });
    expect(await contactOnly(userId, email)).toEqual({ applied: true, before: email });
    await app.database.execute(`UPDATE logins SET user_name = 'grace', user_name_canonical = 'grace', login_email = NULL, login_email_canonical = NULL WHERE user_id = $1`, [userId]);
    expect(await contactOnly(userId, newEmail())).toEqual({ applied: false, refused: true });
    expect(await state(userId)).toMatchObject({ version: 1, loginEmail: null });
    await app.database.execute('UPDATE logins SET password_hash = NULL WHERE user_id = $1', [userId]);
    expect(await contactOnly(userId, newEmail())).toEqual({ applied: false, refused: true });
    expect(await state(userId)).toMatchObject({ version: 1, loginEmail: null });
    await app.database.execute('UPDATE logins SET user_name = NULL, user_name_canonical = NULL WHERE user_id = $1', [userId]);
    expect(await contactOnly(userId, newEmail())).toEqual({ applied: false });
    expect(await contactOnly(randomUUID(), newEmail())).toEqual({ applied: false });
  });

  it('is contact data and nobody\'s business for a user who can\'t log in', async () => {
    const taken = newEmail();
    await app.user(taken, password);
    expect(await change(randomUUID(), taken)).toEqual({ applied: false });
  });

  it('is refused when another user of the realm logs in with it, whatever the case, and then changes nothing', async () => {
    const [mine, taken] = [newEmail(), newEmail()];
    await app.user(taken, password);
    const userId = await app.user(mine, password);
    expect(await failureOf(change(userId, taken.toUpperCase()))).toEqual({ kind: 'conflict', code: 'email-taken', message: 'Another user of the realm logs in with this email.' });
    expect(await state(userId)).toMatchObject({ version: 1, loginEmail: mine });
    expect(await events(userId)).toHaveLength(1);
  });

  it('to the same email is no change, to another spelling of it is one', async () => {
    const email = newEmail();
    const userId = await app.user(email, password);
    expect(await change(userId, email)).toEqual({ applied: true, before: email });
    expect(await state(userId)).toMatchObject({ version: 1 });
    expect(await change(userId, email.toUpperCase())).toEqual({ applied: true, before: email });
    expect(await state(userId)).toMatchObject({ version: 2, loginEmail: email.toUpperCase() });
    expect(await events(userId)).toHaveLength(2);
  });

  it('to none is refused for a user who has no user name to log in with', async () => {
    const email = newEmail();
    const userId = await app.user(email, password);
    expect(await failureOf(change(userId, null))).toMatchObject({ kind: 'conflict', code: 'email-missing' });
    await app.database.execute(`UPDATE logins SET user_name = 'ada', user_name_canonical = 'ada' WHERE user_id = $1`, [userId]);
    expect(await change(userId, null)).toEqual({ applied: true, before: email });
    expect(await app.logIn('ada', password)).toMatchObject({ userId });
    expect(await failureOf(app.logIn(email, password))).toMatchObject({ code: 'invalid-credentials' });
  });

  it('from one that the login no longer has changes nothing', async () => {
    const [before, meanwhile] = [newEmail(), newEmail()];
    const userId = await app.user(before, password);
    const from = (onlyFrom: string | null, email: string) => app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email, onlyFrom });
    expect(await from(before, meanwhile)).toEqual({ applied: true, before });
    for (const onlyFrom of [before, null]) expect(await from(onlyFrom, newEmail())).toEqual({ applied: false });
    expect(await state(userId)).toMatchObject({ version: 2, loginEmail: meanwhile });
    expect(await events(userId)).toHaveLength(2);
  });

  it('frees the old one for others', async () => {
    const [email, other] = [newEmail(), newEmail()];
    await change(await app.user(email, password), other);
    const successor = await app.user(email, 'another good password');
    expect(await app.logIn(email, 'another good password')).toMatchObject({ userId: successor });
  });

  it('gives an email that many want at once to exactly one', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => app.user(newEmail(), password)));
    const wanted = newEmail();
    const results = await Promise.allSettled(users.map((userId) => change(userId, wanted)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ value: { code: 'email-taken' } });
  });
});
