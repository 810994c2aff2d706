import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { IdentityApp } from '../spec-support/identity-app.js';

describe('claiming an address to log in with', () => {
  let app: IdentityApp;
  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const claim = async (email: string, newUserId: string = randomUUID()) => (await app.call(identity.claimLoginEmail, { realmId: app.realmId, newUserId, email })).userId;
  const setFirst = (userId: string, password: string) => app.call(identity.setPassword, { realmId: app.realmId, userId, password, keepSessionId: null, onlyFirst: true, actor: systemActor });

  it('makes one person of any number who claim it at once, in whatever case', async () => {
    const claimed = await Promise.all(Array.from({ length: 30 }, (_, place) => claim(place % 2 === 0 ? 'One@example.com' : 'one@EXAMPLE.com')));
    expect(new Set(claimed).size).toBe(1);
    const events = await app.database.query(`SELECT data FROM outbox WHERE data ->> 'userId' = $1`, [claimed[0]]);
    expect(events).toEqual([{ data: { realmId: app.realmId, userId: claimed[0], version: 1, facts: ['login_email'], unlisted: true } }]);
  });

  it('finds whoever logs in with it already', async () => {
    const userId = await app.user('there@example.com', 'correct horse battery');
    expect(await claim('There@example.com')).toBe(userId);
    await app.logIn('there@example.com', 'correct horse battery');
  });

  it('lets nobody in before there is a password, and keeps the first of many', async () => {
    const userId = app.contact('later@example.com');
    expect(await claim('later@example.com', userId)).toBe(userId);
    expect(await app.failure(identity.logIn, app.loginRequest('later@example.com', ''))).toMatchObject({ code: 'invalid-credentials' });
    const passwords = Array.from({ length: 10 }, (_, place) => `correct horse battery ${place}`);
    await Promise.all(passwords.map((password) => setFirst(userId, password)));
    const logins = await Promise.allSettled(passwords.map((password) => app.logIn('later@example.com', password)));
    expect(logins.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await setFirst(userId, 'another one entirely');
    expect(await app.failure(identity.logIn, app.loginRequest('later@example.com', 'another one entirely'))).toMatchObject({ code: 'invalid-credentials' });
    const { users } = await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] });
    expect(users).toMatchObject([{ loginEmail: 'later@example.com', canLogIn: true }]);
  });
});
