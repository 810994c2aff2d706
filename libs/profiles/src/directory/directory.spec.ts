import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { identity, membership, profiles } from '#libs/contracts';
import { event } from '#libs/platform/events';
import { eventually } from '#libs/platform/testing';
import { MembershipStandIn, profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
const realm = uuidv7();
beforeAll(async () => {
  app = await profilesUnderTest();
});

const state = (userId: string, version: number, more: Partial<{ userName: string; loginEmail: string | null; isActive: boolean; canLogIn: boolean }> = {}) => ({
  userId, version, userName: null, loginEmail: null, isActive: true, canLogIn: false, ...more,
});

describe('the state of logins', () => {
  it('is taken over where it is newer, however often and in whatever order it comes', async () => {
    const { userId } = (await app.upsert(realm, 'ordered')).user;
    const apply = (...users: ReturnType<typeof state>[]) => app.call(profiles.applyLoginState, { realmId: realm, users });
    expect(await apply(state(userId, 2, { userName: 'two', isActive: false }))).toEqual({ applied: 1 });
    expect(await apply(state(userId, 2, { userName: 'twice' }))).toEqual({ applied: 0 });
    expect(await apply(state(userId, 1, { userName: 'one' }))).toEqual({ applied: 0 });
    expect(await app.get(realm, 'ordered')).toMatchObject({ userName: 'two', isActive: false, version: 1 });
    expect(await apply(state(userId, 3, { userName: 'three' }), state(userId, 4, { userName: 'four' }))).toEqual({ applied: 1 });
    expect(await app.get(realm, 'ordered')).toMatchObject({ userName: 'four', isActive: true });
  });

  it('is not kept of anybody unknown', async () => {
    expect(await app.call(profiles.applyLoginState, { realmId: realm, users: [state(uuidv7(), 1, { userName: 'nobody' })] })).toEqual({ applied: 0 });
    expect(await app.failure(profiles.beginLogin, { realmId: realm, userId: uuidv7() })).toMatchObject({ code: 'user-not-found' });
  });

  it('brings the login email, because identity leads, as a change of the user', async () => {
    const { userId } = (await app.upsert(realm, 'led', { email: 'mine@example.com' })).user;
    await app.call(profiles.applyLoginState, { realmId: realm, users: [state(userId, 1, { loginEmail: 'theirs@example.com', canLogIn: true })] });
    expect(await app.get(realm, 'led')).toMatchObject({ email: 'theirs@example.com', version: 2 });
    const events = (await app.outbox<{ userId: string }>('profiles.user.changed')).filter((told) => told.userId === userId);
    expect(events.at(-1)).toEqual({ realmId: realm, userId, version: 2, created: false, facts: ['email'] });
    await app.call(profiles.applyLoginState, { realmId: realm, users: [state(userId, 2, { loginEmail: 'theirs@example.com', canLogIn: true })] });
    expect((await app.get(realm, 'led')).version).toBe(2);
  });

  it('leaves the email of somebody who can\'t log in alone', async () => {
    const { userId } = (await app.upsert(realm, 'closed', { email: 'mine@example.com' })).user;
    await app.call(profiles.applyLoginState, { realmId: realm, users: [state(userId, 1, { isActive: false })] });
    expect(await app.get(realm, 'closed')).toMatchObject({ email: 'mine@example.com', isActive: false, version: 1 });
  });

  it('that comes late does not end what a login has begun: identity is still asked', async () => {
    const { userId } = (await app.upsert(realm, 'begun', { email: 'a@example.com' })).user;
    expect(await app.call(profiles.beginLogin, { realmId: realm, userId })).toEqual({ email: 'a@example.com', externalId: 'begun' });
    await app.call(profiles.applyLoginState, { realmId: realm, users: [state(userId, 1)] });
    await app.upsert(realm, 'begun', { email: 'b@example.com' });
    expect(app.identity.asked.at(-1)).toEqual({ realmId: realm, userId, email: 'b@example.com' });
  });
});

describe('the event that a login changed', () => {
  /** As identity would send it. */
  async function deliver(userId: string, version: number, more: { unlisted?: true } = {}): Promise<void> {
    const { type, data } = event(identity.loginChanged, { realmId: realm, userId, version, facts: ['email'], ...more });
    await app.database.query(`INSERT INTO outbox (id, type, data, request_id) VALUES ($1, $2, $3, 'spec')`, [uuidv7(), type, JSON.stringify(data)]);
  }

  it('makes us ask for what we missed', async () => {
    const { userId } = (await app.upsert(realm, 'missed', { email: 'old@example.com' })).user;
    app.identity.logins.set(userId, state(userId, 5, { userName: 'missed-name', loginEmail: 'new@example.com', canLogIn: true }));
    await deliver(userId, 4);
    await eventually(async () => expect(await app.get(realm, 'missed')).toMatchObject({ userName: 'missed-name', email: 'new@example.com', version: 2 }));
  });

  it('changes nothing when we know already', async () => {
    const { userId } = (await app.upsert(realm, 'known')).user;
    await app.call(profiles.applyLoginState, { realmId: realm, users: [state(userId, 7, { userName: 'kept' })] });
    app.identity.logins.set(userId, state(userId, 9, { userName: 'not asked for' }));
    await deliver(userId, 7);
    await eventually(async () => {
      const [waiting] = await app.database.query<{ count: number }>('SELECT count(*) AS count FROM outbox WHERE published_at IS NULL');
      expect(waiting!.count).toBe(0);
    });
    expect(await app.get(realm, 'known')).toMatchObject({ userName: 'kept' });
  });

  it('of somebody who has nothing that is listed makes us ask for nothing, and keeps nobody from being asked about later', async () => {
    const { userId } = (await app.upsert(realm, 'invited')).user;
    app.identity.logins.set(userId, state(userId, 2, { userName: 'came-later', canLogIn: true }));
    await deliver(userId, 1, { unlisted: true });
    await eventually(async () => expect((await app.database.query<{ count: number }>('SELECT count(*) AS count FROM outbox WHERE published_at IS NULL'))[0]!.count).toBe(0));
    expect(await app.get(realm, 'invited')).toMatchObject({ userName: null });
    await deliver(userId, 2);
    await eventually(async () => expect(await app.get(realm, 'invited')).toMatchObject({ userName: 'came-later' }));
  });
});

describe('the event that roles changed', () => {
  /** As membership would send it. */
  async function deliver(userId: string, version: number): Promise<void> {
    const { type, data } = event(membership.rolesChanged, { userId, version });
    await app.database.query(`INSERT INTO outbox (id, type, data, request_id) VALUES ($1, $2, $3, 'spec')`, [uuidv7(), type, JSON.stringify(data)]);
  }
  const handled = () =>
    eventually(async () => {
      const [waiting] = await app.database.query<{ count: number }>('SELECT count(*) AS count FROM outbox WHERE published_at IS NULL');
      expect(waiting!.count).toBe(0);
    });
  const knows = (userId: string, version: number, roles: string[]) => app.provider(MembershipStandIn).roles.set(userId, { userId, version, roles });

  it('makes us ask for the roles that nobody handed us, and show them', async () => {
    const { userId } = (await app.upsert(realm, 'with-roles')).user;
    knows(userId, 3, ['editor', 'viewer']);
    await deliver(userId, 2);
    await eventually(async () => expect((await app.get(realm, 'with-roles')).roles).toEqual(['editor', 'viewer']));
    knows(userId, 4, []);
    await deliver(userId, 4);
    await eventually(async () => expect((await app.get(realm, 'with-roles')).roles).toEqual([]));
  });

  it('changes nothing when we know already, nor for somebody we don’t know', async () => {
    const { userId } = (await app.upsert(realm, 'known-roles')).user;
    knows(userId, 5, ['viewer']);
    await deliver(userId, 5);
    await eventually(async () => expect((await app.get(realm, 'known-roles')).roles).toEqual(['viewer']));
    knows(userId, 6, ['not asked for']);
    await deliver(userId, 4);
    await deliver(uuidv7(), 1);
    await handled();
    expect((await app.get(realm, 'known-roles')).roles).toEqual(['viewer']);
  });
});
