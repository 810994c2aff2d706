import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import type { RequestInput } from '#libs/platform/messages';
import { IdentityApp } from '../spec-support/identity-app.js';
import { MembershipStandIn } from '../spec-support/membership-stand-in.js';
import { Sweep } from '../upkeep/sweep.js';
import { FinishRegistrations } from './finish-registrations.js';

type Registration = RequestInput<typeof identity.registerUser>;

let app: IdentityApp;
let membership: MembershipStandIn;
const password = 'correct horse battery';
let counter = 0;
beforeAll(async () => {
  app = await IdentityApp.start({ providers: [MembershipStandIn] });
  membership = app.app.get(MembershipStandIn, { strict: false });
});
beforeEach(() => {
  app.profiles.beforeWriting = async () => undefined;
  membership.beforeGiving = async () => undefined;
  membership.known = ['viewer', 'editor'];
});

const request = (more: Partial<Registration> = {}): Registration => {
  const userName = `user-${(counter += 1)}`;
  return { realmId: app.realmId, userId: randomUUID(), userName, password, isActive: true, roles: ['viewer'], profile: { email: `${userName}@example.com` }, grantor: { actor: systemActor, permissions: [] }, ...more };
};
const outcome = (registration: Registration) => app.call(identity.registerUser, registration).then(() => 'ok', (error: { value?: { code: string } }) => error.value?.code ?? String(error));
const rowOf = async (userId: string) => (await app.database.query<{ status: string; version: number }>('SELECT status, version FROM logins WHERE user_id = $1', [userId]))[0];
const describeLogin = async (userId: string) => (await app.call(identity.describeLogins, { realmId: app.realmId, userIds: [userId] })).users[0];
/** As if the process had died half a minute ago. */
const finishLater = async () => {
  await app.database.execute(`UPDATE logins SET reserved_at = reserved_at - interval '31 seconds' WHERE status = 'pending'`);
  await app.app.get(Sweep, { strict: false }).execute();
  await app.app.get(FinishRegistrations, { strict: false }).execute();
};
const unavailable = async () => {
  throw platformErrors.failure('service-unavailable', 'Away.', { retryAfter: 1 });
};

describe('a registration', () => {
  it('makes a profile, gives roles, and lets the user in; asked again, it is done', async () => {
    const registration = request();
    expect([await outcome(registration), await outcome(registration)]).toEqual(['ok', 'ok']);
    expect(await describeLogin(registration.userId)).toMatchObject({ userId: registration.userId, version: 1, userName: registration.userName, loginEmail: registration.profile.email, isActive: true, canLogIn: true });
    expect(membership.given.get(registration.userId)).toEqual(['viewer']);
    expect(await app.logIn(registration.userName!, password)).toMatchObject({ userId: registration.userId });
    expect(app.profiles.pushed.at(-1)).toMatchObject({ userId: registration.userId, userName: registration.userName });
  });

  it('of one name has one winner of many, by user name or by email', async () => {
    const rivals = Array.from({ length: 30 }, (_, index) => request({ userName: index % 2 === 0 ? 'Contested' : 'CONTESTED' }));
    const byName = await Promise.all(rivals.map(outcome));
    expect(byName.sort()).toEqual(['ok', ...Array.from({ length: 29 }, () => 'user-name-taken')]);
    const byEmail = await Promise.all(Array.from({ length: 30 }, () => outcome(request({ profile: { email: 'contested@example.com' } }))));
    expect(byEmail.sort()).toEqual([...Array.from({ length: 29 }, () => 'email-taken'), 'ok']);
    expect(await app.database.query(`SELECT FROM logins WHERE status = 'pending'`)).toEqual([]);
  });

  it('that is refused writes nothing, and leaves the names free', async () => {
    const registration = request({ roles: ['nothing'] });
    expect(await outcome(registration)).toBe('role-unknown');
    expect([await rowOf(registration.userId), app.profiles.emails.has(registration.userId)]).toEqual([undefined, false]);
    expect(await outcome({ ...registration, userId: randomUUID(), roles: [] })).toBe('ok');
  });

  it('that died before there was a profile is released, and not before its time', async () => {
    const registration = request();
    app.profiles.beforeWriting = unavailable;
    expect(await outcome(registration)).toBe('service-unavailable');
    app.profiles.beforeWriting = async () => undefined;
    await app.app.get(FinishRegistrations, { strict: false }).execute();
    expect(await rowOf(registration.userId)).toMatchObject({ status: 'pending' });
    expect(await outcome({ ...registration, userId: randomUUID() })).toBe('user-name-taken');
    await finishLater();
    expect(await rowOf(registration.userId)).toBeUndefined();
    expect(await outcome({ ...registration, userId: randomUUID() })).toBe('ok');
  });

  it('that died after there was a profile is finished, with its roles and its password', async () => {
    const registration = request({ isActive: false, roles: ['editor'] });
    membership.beforeGiving = unavailable;
    expect(await outcome(registration)).toBe('service-unavailable');
    // Nobody else takes the row for one of theirs meanwhile.
    expect(await app.failure(identity.setPassword, { realmId: app.realmId, userId: registration.userId, password, keepSessionId: null, actor: systemActor })).toMatchObject({ code: 'service-unavailable' });
    await finishLater();
    expect(await rowOf(registration.userId)).toMatchObject({ status: 'pending' });
    membership.beforeGiving = async () => undefined;
    await finishLater();
    expect(await describeLogin(registration.userId)).toMatchObject({ userName: registration.userName, isActive: false, canLogIn: true });
    expect(membership.given.get(registration.userId)).toEqual(['editor']);
  });

  it('that is finished later does not name the user in its request id, which the audit trail keeps', async () => {
    const registration = request();
    membership.beforeGiving = unavailable;
    expect(await outcome(registration)).toBe('service-unavailable');
    membership.beforeGiving = async () => undefined;
    await finishLater();
    const entries = await app.database.query<{ requestId: string }>('SELECT request_id AS "requestId" FROM audit_entries WHERE target_id = $1', [registration.userId]);
    expect(entries).toEqual([{ requestId: expect.stringMatching(/^registration-[\da-f-]{36}$/) }]);
    expect(entries[0]!.requestId).not.toContain(registration.userId);
  });

  it('whose role was removed in the middle is undone', async () => {
    const registration = request();
    app.profiles.beforeWriting = async () => void (membership.known = []);
    expect(await outcome(registration)).toBe('role-unknown');
    expect(membership.erased).toEqual([{ userId: registration.userId }]);
  });

  it('without a password takes no email for a login, until there is a password', async () => {
    const [taken, registration] = [request(), request({ password: null })];
    await outcome(taken);
    expect(await outcome({ ...registration, profile: taken.profile })).toBe('ok');
    expect(await describeLogin(registration.userId)).toMatchObject({ userName: registration.userName, loginEmail: null, canLogIn: false });
    const give = () => app.call(identity.setPassword, { realmId: app.realmId, userId: registration.userId, password, keepSessionId: null, actor: systemActor });
    await expect(give()).rejects.toMatchObject({ value: { code: 'email-taken' } });
    app.profiles.emails.set(registration.userId, 'free@example.com');
    await give();
    expect(await app.logIn('free@example.com', password)).toMatchObject({ userId: registration.userId });
    expect(await app.logIn(registration.userName!, password)).toMatchObject({ userId: registration.userId });
  });

  it('without a password goes by the email as it is when the password comes, whatever changes meanwhile', async () => {
    const registration = request({ password: null });
    await outcome(registration);
    app.profiles.meanwhile = async (userId) => {
      app.profiles.meanwhile = async () => undefined;
      app.profiles.emails.set(userId, 'changed@example.com');
      expect(await app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email: 'changed@example.com' })).toEqual({ applied: false });
    };
    await app.call(identity.setPassword, { realmId: app.realmId, userId: registration.userId, password, keepSessionId: null, actor: systemActor });
    expect(await describeLogin(registration.userId)).toMatchObject({ loginEmail: 'changed@example.com', canLogIn: true });
  });
});

describe('the status of a user', () => {
  it('ends sessions when it is closed, is told once, and needs no login before', async () => {
    const registration = request();
    await outcome(registration);
    const tokens = await app.logIn(registration.userName!, password);
    const set = (userId: string, isActive: boolean) => app.call(identity.setUserStatus, { realmId: app.realmId, userId, isActive, actor: systemActor });
    expect([await set(registration.userId, false), await set(registration.userId, false)]).toEqual([{ changed: true }, { changed: false }]);
    expect(await app.sessionIsActive(tokens)).toBe(false);
    expect(await app.failure(identity.logIn, app.loginRequest(registration.userName!, password))).toMatchObject({ code: 'user-inactive' });
    const contact = app.contact('contact@example.com');
    expect([await set(contact, true), await rowOf(contact)]).toEqual([{ changed: false }, undefined]);
    expect(await set(contact, false)).toEqual({ changed: true });
    expect(await describeLogin(contact)).toMatchObject({ isActive: false, canLogIn: false, loginEmail: null });
    expect(await app.failure(identity.setUserStatus, { realmId: app.realmId, userId: randomUUID(), isActive: false, actor: systemActor })).toMatchObject({ code: 'user-not-found' });
    expect((await Promise.all(Array.from({ length: 10 }, (_, index) => set(app.contact(null), index % 2 === 0)))).filter(({ changed }) => changed)).toHaveLength(5);
  });
});

describe('changing what a user logs in with', () => {
  const change = (userId: string, names: { userName?: string | null; email?: string | null }) => app.call(identity.changeLoginNames, { realmId: app.realmId, userId, ...names, actor: systemActor });

  it('changes both or none, and leaves a way in', async () => {
    const [one, other] = [request(), request()];
    await outcome(one);
    await outcome(other);
    await expect(change(one.userId, { userName: 'fresh', email: other.profile.email! })).rejects.toMatchObject({ value: { code: 'email-taken' } });
    await expect(change(one.userId, { userName: other.userName!.toUpperCase() })).rejects.toMatchObject({ value: { code: 'user-name-taken' } });
    await expect(change(one.userId, { userName: null, email: null })).rejects.toMatchObject({ value: { code: 'login-name-missing' } });
    expect(await describeLogin(one.userId)).toMatchObject({ version: 1, userName: one.userName });
    expect(await change(one.userId, { userName: 'fresh', email: 'fresh@example.com' })).toEqual({ changed: ['user_name', 'login_email'] });
    expect(await change(one.userId, { userName: 'fresh' })).toEqual({ changed: [] });
    expect(await app.logIn('FRESH', password)).toMatchObject({ userId: one.userId });
  });

  it('gives a user name to somebody who can’t log in, and looks at no email of theirs', async () => {
    const contact = app.contact('one@example.com');
    expect(await change(contact, { email: 'two@example.com' })).toEqual({ changed: [] });
    expect(await change(contact, { userName: 'contact', email: 'two@example.com' })).toEqual({ changed: ['user_name'] });
    expect(await describeLogin(contact)).toMatchObject({ userName: 'contact', loginEmail: null, canLogIn: false });
  });
});
