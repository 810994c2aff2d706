import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { identity, profiles, systemActor } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});
beforeEach(() => {
  app.identity.onChangeEmail = async () => ({ applied: true });
});

type More = Partial<RequestInput<typeof profiles.putUser>>;
const request = (realmId: string, uid: string, patch: profiles.ProfilePatch = {}, more: More = {}) => ({ realmId, uid, patch, newUserId: uuidv7(), actor: systemActor, ...more });
const put = (...given: Parameters<typeof request>) => app.call(profiles.putUser, request(...given));
const refused = (...given: Parameters<typeof request>) => app.failure(profiles.putUser, request(...given));
const hide = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });

async function withoutId(realmId: string, email: string | null) {
  return (await app.call(profiles.upsertUser, { ...app.upsertRequest(realmId, '-', { email }), externalId: undefined })).user;
}

describe('putting a user', () => {
  it('makes one who is not there, and updates the one who is', async () => {
    const realm = uuidv7();
    const made = await put(realm, 'u1', { firstName: 'A', isAccount: true }, { externalId: 'u1' });
    expect(made).toMatchObject({ created: true, user: { uid: 'u1', externalId: 'u1', isAccount: true, version: 1 } });
    const updated = await put(realm, 'u1', { lastName: 'B', isAccount: false }, { externalId: 'u1' });
    expect(updated).toMatchObject({ created: false, user: { userId: made.user.userId, firstName: 'A', lastName: 'B', isAccount: false, version: 2 } });
    expect(await app.get(realm, 'u1')).toEqual(updated.user);
  });

  it('of many at once makes each once', async () => {
    const realm = uuidv7();
    const answers = await Promise.all([...Array(60).keys()].map((n) => put(realm, `u${n % 6}`, { attributes: { [`k${n}`]: n } })));
    expect(answers.filter(({ created }) => created)).toHaveLength(6);
    expect(Object.keys((await app.get(realm, 'u0')).attributes)).toHaveLength(10);
  });

  it('makes nobody where that is not wanted', async () => {
    const realm = uuidv7();
    expect(await refused(realm, 'nobody', {}, { create: false })).toMatchObject({ code: 'user-not-found' });
    expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid: 'nobody' } })).toMatchObject({ code: 'user-not-found' });
  });

  it('never brings back who was erased', async () => {
    const realm = uuidv7();
    await put(realm, 'gone', { email: 'gone@example.com' });
    await hide(realm, 'gone');
    expect(await refused(realm, 'gone', { firstName: 'late' })).toMatchObject({ kind: 'gone', code: 'user-erased' });
  });

  it('refuses another id for somebody who has one, and writes nothing', async () => {
    const realm = uuidv7();
    await put(realm, 'one');
    expect(await refused(realm, 'one', { firstName: 'X' }, { externalId: 'two' })).toMatchObject({ kind: 'invalid', code: 'uid-mismatch' });
    expect(await refused(realm, 'none', { firstName: 'X' }, { externalId: 'two' })).toMatchObject({ code: 'uid-mismatch' });
    expect(await app.get(realm, 'one')).toMatchObject({ firstName: null, version: 1 });
    for (const uid of ['two', 'none']) expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid } })).toMatchObject({ code: 'user-not-found' });
  });

  it('without full credentials changes no email and converts nobody', async () => {
    const realm = uuidv7();
    const half = { mayChangeEmail: false, mayConvert: false };
    await put(realm, 'u', { email: 'a@example.com', isAccount: true }, half);
    expect(await refused(realm, 'u', { email: 'b@example.com' }, half)).toMatchObject({ kind: 'unauthenticated', code: 'email-change-forbidden' });
    expect(await refused(realm, 'u', { isAccount: false }, half)).toMatchObject({ kind: 'unauthenticated', code: 'account-change-forbidden' });
    expect((await put(realm, 'u', { email: 'A@example.com', isAccount: true, firstName: 'X' }, half)).user).toMatchObject({ email: 'a@example.com', isAccount: true, firstName: 'X' });
  });

  it('asks identity before the email of somebody who logs in changes', async () => {
    const realm = uuidv7();
    const { user } = await put(realm, 'u', { email: 'login@example.com' });
    await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
    app.identity.onChangeEmail = async () => {
      throw identity.identityErrors.failure('email-taken', 'no');
    };
    expect(await refused(realm, 'u', { email: 'other@example.com', firstName: 'X' })).toMatchObject({ kind: 'conflict', code: 'email-taken' });
    expect(await app.get(realm, 'u')).toEqual(user);
  });
});

describe('users who are asked for at once', () => {
  it('are each answered as they would be alone: by every name, in every project, there or not', async () => {
    const [realm, other] = [uuidv7(), uuidv7()];
    const users = [await put(realm, 'u0'), await put(realm, 'u1', { attributes: { plan: 'pro' } }), await put(other, 'u1')].map(({ user }) => user);
    const mailed = await withoutId(realm, 'Ada@Example.com');
    const gone = await put(realm, 'gone');
    await hide(realm, 'gone');
    const asked = [
      { realmId: realm, user: { uid: 'u1' }, is: users[1] },
      { realmId: realm, user: { userId: users[0]!.userId }, is: users[0] },
      { realmId: other, user: { uid: 'u1' }, is: users[2] },
      { realmId: other, user: { uid: 'u0' }, is: undefined },
      { realmId: other, user: { userId: users[0]!.userId }, is: undefined },
      { realmId: realm, user: { uid: 'ada@example.com' }, is: mailed },
      { realmId: realm, user: { userId: gone.user.userId }, is: undefined },
      { realmId: realm, user: { uid: 'a\0b' }, is: undefined },
    ];
    const many = Array.from({ length: 240 }, (_, n) => asked[n % asked.length]!);
    const answers = await Promise.all(many.map(({ realmId, user }) => app.call(profiles.getUser, { realmId, user }).catch((error: { value?: { code: string } }) => error.value?.code)));
    expect(answers).toEqual(many.map(({ is }) => is ?? 'user-not-found'));
  });
});

describe('a user without an id of the customer\'s', () => {
  it('is updated under what stands for it, and keeps going by that', async () => {
    const realm = uuidv7();
    const { userId } = await withoutId(realm, 'ada@example.com');
    expect((await put(realm, 'Ada@example.com', { firstName: 'Ada' })).user).toMatchObject({ userId, externalId: null, uid: 'ada@example.com', firstName: 'Ada' });
  });

  it('takes the id that is told for it', async () => {
    const realm = uuidv7();
    const { userId } = await withoutId(realm, 'ada@example.com');
    const { user, created } = await put(realm, 'ada@example.com', { firstName: 'Ada' }, { externalId: 'u7' });
    expect([created, user]).toMatchObject([false, { userId, externalId: 'u7', uid: 'u7', firstName: 'Ada' }]);
    expect((await app.get(realm, 'u7')).userId).toBe(userId);
    const told = (await app.outbox<{ userId: string; facts: string[] }>('profiles.user.changed')).filter((data) => data.userId === userId);
    expect(told.at(-1)!.facts).toEqual(['externalId', 'firstName']);
    expect(await refused(realm, 'u7', {}, { externalId: 'u8' })).toMatchObject({ code: 'uid-mismatch' });
  });

  it('takes the id of the path when their email is told', async () => {
    const realm = uuidv7();
    const { userId } = await withoutId(realm, 'ada@example.com');
    expect(await put(realm, 'u9', { email: 'ADA@example.com', firstName: 'Ada' }, { mayChangeEmail: false })).toMatchObject({ created: false, user: { userId, uid: 'u9', email: 'ada@example.com' } });
    // Who has an id keeps it: the next of this email is somebody else.
    expect(await put(realm, 'u10', { email: 'ada@example.com' })).toMatchObject({ created: true });
  });

  it('can\'t take an id that is somebody\'s, or was an erased user\'s', async () => {
    const realm = uuidv7();
    const before = await withoutId(realm, 'ada@example.com');
    await put(realm, 'taken');
    await put(realm, 'gone');
    await hide(realm, 'gone');
    expect(await refused(realm, 'ada@example.com', { firstName: 'X' }, { externalId: 'taken' })).toMatchObject({ kind: 'conflict', code: 'uid-taken' });
    expect(await refused(realm, 'ada@example.com', { firstName: 'X' }, { externalId: 'gone' })).toMatchObject({ code: 'user-erased' });
    expect(await refused(realm, 'gone', { email: 'ada@example.com' })).toMatchObject({ code: 'user-erased' });
    expect(await app.get(realm, 'ada@example.com')).toEqual(before);
  });

  it('can\'t take the id of somebody who was merged, but for that of somebody merged into them', async () => {
    const realm = uuidv7();
    const [ada, bob] = [await withoutId(realm, 'ada@example.com'), await withoutId(realm, 'bob@example.com')];
    await put(realm, 'was-ada');
    await app.call(profiles.mergeUsers, { realmId: realm, source: { uid: 'was-ada' }, destination: { userId: ada.userId }, erasureId: uuidv7(), actor: systemActor });
    expect(await refused(realm, 'bob@example.com', { firstName: 'X' }, { externalId: 'was-ada' })).toMatchObject({ kind: 'conflict', code: 'uid-taken' });
    expect(await app.get(realm, 'bob@example.com')).toEqual(bob);
    expect(await app.get(realm, 'was-ada')).toMatchObject({ userId: ada.userId });
    expect((await put(realm, 'ada@example.com', {}, { externalId: 'was-ada' })).user).toMatchObject({ userId: ada.userId, uid: 'was-ada' });
  });

  it('is not done for who may not, whichever way it is asked, and nothing is written', async () => {
    const realm = uuidv7();
    const { userId } = await withoutId(realm, 'none@example.com');
    for (const [uid, patch, more] of [['mine', { email: 'none@example.com' }, {}], ['none@example.com', {}, { externalId: 'mine' }], [userId, {}, { externalId: 'mine' }]] as const) {
      expect(await refused(realm, uid, { ...patch, firstName: 'X' }, { ...more, mayTakeExternalId: false })).toMatchObject({ kind: 'unauthenticated', code: 'uid-change-forbidden' });
    }
    expect(await app.get(realm, 'none@example.com')).toMatchObject({ userId, externalId: null, firstName: null });
    expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid: 'mine' } })).toMatchObject({ code: 'user-not-found' });
    expect((await put(realm, 'none@example.com', { firstName: 'Y' }, { mayTakeExternalId: false })).user).toMatchObject({ userId, firstName: 'Y' });
  });

  it('takes one id though several are offered at once, and the others hear of it', async () => {
    const realm = uuidv7();
    const { userId } = await withoutId(realm, 'ada@example.com');
    const answers = await Promise.allSettled([...Array(10).keys()].map((n) => put(realm, userId, {}, { externalId: `id${n}` })));
    const taken = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.user.uid] : []));
    expect(taken).toHaveLength(1);
    expect((await app.get(realm, taken[0]!)).userId).toBe(userId);
  });

  it('becomes one of several who tell the same email at once; the others are made', async () => {
    const realm = uuidv7();
    const { userId } = await withoutId(realm, 'ada@example.com');
    const answers = await Promise.all([...Array(10).keys()].map((n) => put(realm, `u${n}`, { email: 'ada@example.com' })));
    expect(answers.filter(({ created, user }) => !created && user.userId === userId)).toHaveLength(1);
    expect(new Set(answers.map(({ user }) => user.uid)).size).toBe(10);
  });

  it('is found by their email though somebody erased had the same', async () => {
    const realm = uuidv7();
    await withoutId(realm, 'same@example.com');
    await hide(realm, 'same@example.com');
    const { userId } = await withoutId(realm, 'same@example.com');
    expect((await put(realm, 'same@example.com', { firstName: 'New' })).user).toMatchObject({ userId, firstName: 'New' });
  });
});
