import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const joining = (realmId: string, uid: string, ...accounts: [uid: string, role?: string | null][]) => ({ realmId, user: { uid }, actor: systemActor, accounts: accounts.map(([account, role = null]) => ({ account: { uid: account }, role })) });
const join = (...given: Parameters<typeof joining>) => app.call(profiles.joinAccounts, joining(...given));
const place = (realmId: string, uid: string, account: string) => ({ realmId, user: { uid }, account: { uid: account }, actor: systemActor });
const hide = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });

async function realmOf(...uids: string[]): Promise<string> {
  const realm = uuidv7();
  for (const uid of uids) await app.upsert(realm, uid);
  return realm;
}

describe('accounts', () => {
  it('are joined once, in order, with the role that was said last; each read shows them', async () => {
    const realm = await realmOf('u', 'b', 'a');
    expect((await join(realm, 'u', ['b'], ['a', 'owner'])).accounts).toEqual([{ id: 'b', role: null }, { id: 'a', role: 'owner' }]);
    const again = await join(realm, 'u', ['a'], ['b', 'guest']);
    expect(again).toMatchObject({ version: 3, accounts: [{ id: 'b', role: 'guest' }, { id: 'a', role: 'owner' }] });
    expect(await join(realm, 'u', ['a'], ['b', 'guest'])).toEqual(again); // no change, no version
    expect(await app.get(realm, 'u')).toEqual(again);
    expect((await app.upsert(realm, 'u', { firstName: 'X' })).user.accounts).toEqual(again.accounts);
    expect((await app.call(profiles.listUsersByInsertion, { realmId: realm, limit: 10 })).users.find(({ uid }) => uid === 'u')!.accounts).toEqual(again.accounts);
    const told = (await app.outbox<{ userId: string; facts: string[] }>('profiles.user.changed')).filter(({ userId, facts }) => userId === again.userId && facts.includes('accounts'));
    expect(told).toHaveLength(2);
  });

  it('are joined once though many join at once', async () => {
    const realm = await realmOf('u', 'a', 'b');
    await Promise.all([...Array(20).keys()].map((n) => join(realm, 'u', [n % 2 === 0 ? 'a' : 'b', `role${n}`])));
    expect((await app.get(realm, 'u')).accounts.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('are joined all or none, and the place is named', async () => {
    const realm = await realmOf('u', 'a');
    expect(await app.failure(profiles.joinAccounts, joining(realm, 'u', ['a'], ['nobody']))).toMatchObject({ kind: 'invalid', code: 'account-not-found', details: [{ path: 'accounts[1].id' }] });
    expect(await app.failure(profiles.joinAccounts, joining(realm, 'u', ['u']))).toMatchObject({ kind: 'invalid', code: 'account-is-user' });
    expect((await app.get(realm, 'u')).accounts).toEqual([]);
    expect(await app.failure(profiles.joinAccounts, joining(realm, 'nobody', ['a']))).toMatchObject({ code: 'user-not-found' });
    const other = await realmOf('u');
    expect(await app.failure(profiles.joinAccounts, joining(other, 'u', ['a']))).toMatchObject({ code: 'account-not-found' });
  });

  it('are left, and roles in them change', async () => {
    const realm = await realmOf('u', 'a', 'b');
    await join(realm, 'u', ['a'], ['b']);
    expect((await app.call(profiles.changeAccountRole, { ...place(realm, 'u', 'a'), role: 'owner' })).accounts).toEqual([{ id: 'a', role: 'owner' }, { id: 'b', role: null }]);
    expect((await app.call(profiles.leaveAccount, place(realm, 'u', 'a'))).accounts).toEqual([{ id: 'b', role: null }]);
    for (const account of ['a', 'nobody']) {
      expect(await app.failure(profiles.leaveAccount, place(realm, 'u', account))).toMatchObject({ kind: 'not-found', code: 'not-in-account' });
      expect(await app.failure(profiles.changeAccountRole, { ...place(realm, 'u', account), role: 'x' })).toMatchObject({ code: 'not-in-account' });
    }
  });

  it('go by what stands for their id', async () => {
    const realm = await realmOf('u');
    await app.call(profiles.upsertUser, { ...app.upsertRequest(realm, '-', { email: 'firm@example.com' }), externalId: undefined });
    expect((await join(realm, 'u', ['Firm@example.com'])).accounts).toEqual([{ id: 'firm@example.com', role: null }]);
  });

  it('that are erased are in nobody\'s list, and an erased member is in no account', async () => {
    const realm = await realmOf('u', 'v', 'a');
    await join(realm, 'u', ['a']);
    await join(realm, 'v', ['a']);
    const { userId } = await app.get(realm, 'a');
    await hide(realm, 'a');
    expect((await app.get(realm, 'u')).accounts).toEqual([]);
    expect((await app.call(profiles.countProfileRemains, { realmId: realm, userIds: [userId] })).remains).toMatchObject({ account_members: 2 });
    expect((await app.call(profiles.eraseProfile, { realmId: realm, userIds: [userId] })).erased).toMatchObject({ account_members: 2, users: 1 });
    expect(await app.failure(profiles.leaveAccount, place(realm, 'u', 'a'))).toMatchObject({ code: 'not-in-account' });
    await hide(realm, 'u');
    expect(await app.failure(profiles.joinAccounts, joining(realm, 'u', ['v']))).toMatchObject({ kind: 'gone', code: 'user-erased' });
  });
});
