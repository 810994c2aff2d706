import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { identity, profiles, systemActor } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

type Users = RequestInput<typeof profiles.importUsers>['users'];

let app: ProfilesUnderTest;
const realm = uuidv7();
beforeAll(async () => {
  app = await profilesUnderTest();
});

const importAll = async (users: Users) => (await app.call(profiles.importUsers, { realmId: realm, users, actor: systemActor })).results;
const codes = (results: Awaited<ReturnType<typeof importAll>>) => results.map((result) => ('error' in result ? result.error.code : 'written'));

describe('users who are about to be able to log in', () => {
  it('are found by id or external id, also by that of somebody merged into them, and by nothing else', async () => {
    const { userId } = (await app.upsert(realm, 'known', { email: 'known@example.com' })).user;
    const { userId: nameless } = (await app.call(profiles.upsertUser, { realmId: realm, newUserId: uuidv7(), patch: { email: 'nameless@example.com' }, actor: systemActor })).user;
    await app.upsert(realm, 'merged', {});
    await app.call(profiles.mergeUsers, { realmId: realm, source: { uid: 'merged' }, destination: { uid: 'known' }, erasureId: uuidv7(), actor: systemActor });
    const asked = [{ externalId: 'known' }, { userId: nameless }, { externalId: 'merged' }, { externalId: 'nameless@example.com' }, { externalId: nameless }, { userId: uuidv7() }, { externalId: 'a\u0000b' }];
    const { found } = await app.call(profiles.findUsers, { realmId: realm, users: asked });
    const known = { userId, email: 'known@example.com' };
    expect(found).toEqual([known, { userId: nameless, email: 'nameless@example.com' }, known, null, null, null, null]);
    expect((await app.call(profiles.findUsers, { realmId: uuidv7(), users: asked })).found).toEqual(Array(7).fill(null));
  });

  it('are made or changed each for itself, with one event each, and identity is asked from then on', async () => {
    const { userId: present } = (await app.upsert(realm, 'present', { email: 'before@example.com' })).user;
    await app.upsert(realm, 'erased', {});
    await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: 'erased' }], requestedBy: 'spec' });
    expect((await app.call(profiles.findUsers, { realmId: realm, users: [{ externalId: 'erased' }, { externalId: 'made' }] })).found).toEqual(['erased', null]);
    const [made, late] = [uuidv7(), uuidv7()];
    const users = [
      { newUserId: made, externalId: 'made', patch: { email: 'made@example.com', createdAt: '2019-05-06T07:08:09.000Z' } },
      { newUserId: present, patch: { email: 'after@example.com' } },
      { newUserId: uuidv7(), patch: {} },
      { newUserId: uuidv7(), externalId: 'erased', patch: {} },
      { newUserId: uuidv7(), externalId: 'a\u0000b', patch: {} },
      { newUserId: late, externalId: 'present', patch: {} },
    ];
    const results = await importAll(users);
    expect(codes(results)).toEqual(['written', 'written', 'user-not-found', 'user-erased', 'invalid-profile', 'written']);
    expect([results[0], results[1], results[5]]).toEqual([{ userId: made, email: 'made@example.com' }, { userId: present, email: 'after@example.com' }, { userId: present, email: 'after@example.com' }]);
    expect(await app.get(realm, 'made')).toMatchObject({ createdAt: '2019-05-06T07:08:09.000Z' });
    expect((await importAll(users.slice(0, 2))).map((result) => 'userId' in result && result.userId)).toEqual([made, present]);
    const told = (await app.outbox<{ userId: string; created: boolean }>('profiles.user.changed')).filter(({ userId }) => [made, present].includes(userId));
    expect(told.map(({ userId, created }) => [userId === made, created])).toEqual([[false, true], [true, true], [false, false]]);
    await app.upsert(realm, 'made', { email: 'later@example.com' });
    expect(app.identity.asked.at(-1)).toEqual({ realmId: realm, userId: made, email: 'later@example.com' });
  });

  it('whose email identity refuses stay as they are, and the others are written', async () => {
    const { userId } = (await app.upsert(realm, 'led', { email: 'led@example.com' })).user;
    await importAll([{ newUserId: userId, patch: {} }]);
    app.identity.onChangeEmail = async () => {
      throw identity.identityErrors.failure('email-taken', 'Somebody else logs in with it.');
    };
    const results = await importAll([{ newUserId: userId, patch: { email: 'other@example.com' } }, { newUserId: uuidv7(), externalId: 'beside', patch: { email: 'other@example.com' } }]);
    app.identity.onChangeEmail = async () => ({ applied: true });
    expect(codes(results)).toEqual(['email-taken', 'written']);
    expect((await app.get(realm, 'led')).email).toBe('led@example.com');
  });
});
