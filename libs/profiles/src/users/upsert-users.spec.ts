import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { identity, profiles, systemActor } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});
beforeEach(() => {
  app.identity.asked.length = 0;
  app.identity.onChangeEmail = async () => ({ applied: true });
});

afterEach(() => void jest.restoreAllMocks());

type Batch = RequestInput<typeof profiles.upsertUsers>;
type Item = { uid: string; patch?: profiles.ProfilePatch; recreateErased?: boolean };

function batch(realmId: string, items: Item[], more: Partial<Batch> = {}): Batch {
  return { realmId, declaredOnly: true, actor: systemActor, users: items.map(({ uid, patch = {}, ...rest }) => ({ newUserId: uuidv7(), externalId: uid, patch, ...rest })), ...more };
}

const upsert = (realmId: string, items: Item[], more: Partial<Batch> = {}) => app.call(profiles.upsertUsers, batch(realmId, items, more));
const refusal = (realmId: string, items: Item[], more: Partial<Batch> = {}) => app.failure(profiles.upsertUsers, batch(realmId, items, more));
const declare = (realmId: string, ...fields: { name: string; type: profiles.FieldType }[]) => app.call(profiles.declareFields, { realmId, fields, actor: systemActor });
const isThere = (realmId: string, uid: string) => app.get(realmId, uid).then(() => true, () => false);
const erase = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });
const range = (count: number) => [...Array(count).keys()];

describe('a batch of users', () => {
  it('creates and updates in one transaction, and answers in order what is stored', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'age', type: 'number' });
    const old = await app.upsert(realm, 'u7', { firstName: 'Old', attributes: { free: 'kept' } });
    const { users, rest, declared } = await upsert(realm, range(1_000).reverse().map((n) => ({ uid: `u${n}`, patch: { city: 'Lagos', attributes: { age: n } } })));
    expect([users.length, rest, declared]).toEqual([1_000, [], ['age']]);
    users.forEach((user, place) => expect(user).toMatchObject({ uid: `u${999 - place}`, city: 'Lagos', attributes: { age: 999 - place } }));
    expect(users[992]).toMatchObject({ userId: old.user.userId, firstName: 'Old', version: 2, attributes: { free: 'kept', age: 7 } });
    const [commits] = await app.database.query<{ count: number }>('SELECT count(DISTINCT xmin::text) FROM users WHERE realm_id = $1', [realm]);
    expect(commits!.count).toBe(1);
    expect(await app.get(realm, 'u999')).toEqual(users[0]);
  });

  it('with one mistake writes nothing and names them all', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'joined', type: 'date' });
    const items: Item[] = range(1_000).map((n) => ({ uid: `u${n}`, patch: { firstName: 'x' } }));
    items[3] = { uid: 'u3', patch: { attributes: { joined: 'soon', undeclared: 1 } } };
    items[400] = { uid: 'u400', patch: { city: 'a\0b', attributes: { joined: 'later', email: 'x' } } };
    items[999] = { uid: 'u999', patch: { attributes: { joined: 5, nothing: null } } };
    const failure = await refusal(realm, items);
    expect([failure.kind, failure.code]).toEqual(['invalid', 'invalid-profile']);
    expect(failure.details!.map(({ path }) => path)).toEqual(['users[3].patch.attributes.joined', 'users[3].patch.attributes.undeclared', 'users[400].patch.city', 'users[400].patch.attributes.email', 'users[400].patch.attributes.joined', 'users[999].patch.attributes.joined', 'users[999].patch.attributes.nothing']);
    expect(await isThere(realm, 'u0')).toBe(false);
    expect((await app.database.query('SELECT FROM users WHERE realm_id = $1', [realm])).length).toBe(0);
  });

  it('finds who has no external id by what stands for it, where that is asked, and makes nobody beside them', async () => {
    const realm = uuidv7();
    const without = async (email: string | null) => (await app.call(profiles.upsertUser, { ...app.upsertRequest(realm, '-', { email }), externalId: undefined })).user.userId;
    const [mailed, named, bare] = [await without('Ada@Example.com'), await without(null), await without(null)];
    await app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId: named, version: 1, userName: 'Bob', loginEmail: null, isActive: true, canLogIn: false }] });
    const items = ['ada@example.com', 'bob', bare, 'new'].map((uid, n) => ({ uid, patch: { city: `city ${n}` } }));
    const { users } = await upsert(realm, items, { asAddressed: true });
    expect(users.map(({ userId, uid, externalId, city }) => [userId, uid, externalId, city])).toEqual([
      [mailed, 'Ada@Example.com', null, 'city 0'],
      [named, 'Bob', null, 'city 1'],
      [bare, bare, null, 'city 2'],
      [expect.any(String), 'new', 'new', 'city 3'],
    ]);
    // Whoever means an external id and nothing else has theirs, in one transaction with who does not.
    const [exact, addressed] = await Promise.all([app.upsert(realm, 'bob', { city: 'exact' }), app.upsert(realm, 'Ada@Example.com', { city: 'addressed' }, { asAddressed: true })]);
    expect([exact, addressed]).toMatchObject([{ created: true, user: { externalId: 'bob' } }, { created: false, user: { userId: mailed, externalId: null } }]);
    // An external id comes before what stands for one.
    expect((await upsert(realm, [{ uid: 'bob' }], { asAddressed: true })).users[0]!.userId).toBe(exact.user.userId);
    // Nor does what an erased user was called keep anybody from being found.
    await erase(realm, 'new');
    const heir = await without('new');
    expect((await upsert(realm, [{ uid: 'new' }], { asAddressed: true })).users[0]!.userId).toBe(heir);
  });

  it('takes any attribute where undeclared ones are allowed', async () => {
    const { users } = await upsert(uuidv7(), [{ uid: 'u', patch: { attributes: { any: 1 } } }], { declaredOnly: false });
    expect(users[0]!.attributes).toEqual({ any: 1 });
  });

  it('is refused for erased users, whom it names, unless it says that they are to be made anew', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'gone', { firstName: 'Old' });
    await app.upsert(realm, 'also', {});
    await erase(realm, 'gone');
    await erase(realm, 'also');
    const failure = await refusal(realm, [{ uid: 'new' }, { uid: 'gone' }, { uid: 'also', recreateErased: true }]);
    expect(failure).toMatchObject({ kind: 'gone', code: 'user-erased', details: [{ path: 'users[1].externalId' }] });
    expect([await isThere(realm, 'new'), await isThere(realm, 'also')]).toEqual([false, false]);
    const { users } = await upsert(realm, [{ uid: 'new' }, { uid: 'gone', recreateErased: true }]);
    expect(users[1]!.userId).not.toBe(user.userId);
    expect(users[1]).toMatchObject({ uid: 'gone', firstName: null, version: 1 });
  });

  it('that is only checked says what is wrong and writes nothing', async () => {
    const realm = uuidv7();
    expect(await upsert(realm, [{ uid: 'u' }], { checkOnly: true })).toMatchObject({ users: [] });
    expect(await refusal(realm, [{ uid: 'u', patch: { attributes: { a: 1 } } }], { checkOnly: true })).toMatchObject({ code: 'invalid-profile' });
    expect(await isThere(realm, 'u')).toBe(false);
  });

  it('asks identity about the emails that users log in by, and takes them back when one is refused', async () => {
    const realm = uuidv7();
    const ids = new Map<string, string>();
    for (const uid of ['a', 'b', 'c']) {
      const { user } = await app.upsert(realm, uid, { email: `${uid}@example.com` });
      await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
      ids.set(uid, user.userId);
    }
    const emails = (domain: string) => ['a', 'b', 'c'].map((uid) => ({ uid, patch: { email: `${uid}@${domain}` } }));
    const { users } = await upsert(realm, emails('one.example'));
    expect(users.map(({ email }) => email)).toEqual(['a@one.example', 'b@one.example', 'c@one.example']);

    app.identity.asked.length = 0;
    app.identity.onChangeEmail = async ({ email }) => {
      if (email === 'b@two.example') throw identity.identityErrors.failure('email-taken', 'Taken.');
      // Somebody changed it after the batch was looked at.
      return email === 'c@two.example' ? { applied: true, before: 'c@meanwhile.example' } : { applied: true };
    };
    expect(await refusal(realm, emails('two.example'))).toMatchObject({ kind: 'conflict', code: 'email-taken', details: [{ path: 'users[1].patch.email' }] });
    // Taken back only from what this batch set: another's change meanwhile stays.
    expect(app.identity.asked.map(({ userId, email, onlyFrom }) => [userId, email, onlyFrom])).toEqual([
      [ids.get('a'), 'a@two.example', undefined], [ids.get('b'), 'b@two.example', undefined], [ids.get('c'), 'c@two.example', undefined],
      [ids.get('c'), 'c@meanwhile.example', 'c@two.example'], [ids.get('a'), 'a@one.example', 'a@two.example'],
    ]);
    expect((await app.get(realm, 'a')).email).toBe('a@one.example');
  });

  it('takes no email back once it is written, though its answer fails', async () => {
    const realm = uuidv7();
    const { user } = await app.call(profiles.upsertUser, { ...app.upsertRequest(realm, '-', { email: 'a@one.example' }), externalId: undefined });
    await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
    const query = app.database.query.bind(app.database);
    jest.spyOn(app.database, 'query').mockImplementation(async (statement, ...more) => {
      if (typeof statement !== 'string' && statement.name === 'users.shown_uids') throw new Error('The connection is lost.');
      return query(statement, ...more);
    });
    await expect(upsert(realm, [{ uid: 'a@one.example', patch: { email: 'a@two.example' } }], { asAddressed: true })).rejects.toThrow();
    jest.restoreAllMocks();
    expect(app.identity.asked.map(({ email }) => email)).toEqual(['a@two.example']);
    expect((await app.call(profiles.getUser, { realmId: realm, user: { userId: user.userId } })).email).toBe('a@two.example');
  });

  it('that is refused or only checked names emails that are taken beside its other mistakes, and identity changes none', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'a', { email: 'a@example.com' });
    await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
    app.identity.asked.length = 0;
    app.identity.onChangeEmail = async () => {
      throw identity.identityErrors.failure('email-taken', 'Taken.');
    };
    const taken = { uid: 'a', patch: { email: 'taken@example.com' } };
    const paths = async (...given: Parameters<typeof refusal>) => (await refusal(...given)).details?.map(({ path }) => path);
    expect(await paths(realm, [taken, { uid: 'b', patch: { attributes: { undeclared: 1 } } }])).toEqual(['users[0].patch.email', 'users[1].patch.attributes.undeclared']);
    expect(await paths(realm, [taken], { checkOnly: true })).toEqual(['users[0].patch.email']);
    expect([app.identity.asked, await app.get(realm, 'a')]).toEqual([[], user]);
  });

  it('of large users answers what fits, and the others are read by id', async () => {
    const realm = uuidv7();
    const large = Object.fromEntries(range(7).map((n) => [`k${n}`, 'x'.repeat(8_000)]));
    const uids = range(150).map((n) => `u${n}`);
    const answer = await upsert(realm, uids.map((uid) => ({ uid, patch: { attributes: large } })), { declaredOnly: false });
    const users = [...answer.users];
    let { rest } = answer;
    expect(rest.length).toBeGreaterThan(0);
    while (rest.length > 0) {
      const more = await app.call(profiles.readUsers, { realmId: realm, userIds: rest });
      users.push(...more.users);
      ({ rest } = more);
    }
    expect(users.map(({ uid }) => uid)).toEqual(uids);
  });

  it('and single upserts of the same users at once lose nothing', async () => {
    const realm = uuidv7();
    const uids = range(30).map((n) => `u${n}`);
    await Promise.all([
      ...uids.map((uid) => app.upsert(realm, uid, { attributes: { single: 1 } })),
      ...range(4).map((k) => upsert(realm, (k % 2 === 0 ? uids : [...uids].reverse()).map((uid) => ({ uid, patch: { attributes: { [`batch${k}`]: k } } })), { declaredOnly: false })),
    ]);
    for (const uid of uids) expect((await app.get(realm, uid)).attributes).toEqual({ single: 1, batch0: 0, batch1: 1, batch2: 2, batch3: 3 });
  });
});

describe('names, preferences and places', () => {
  it.each<[whole: string | null, first: string | null, last: string | null]>([
    ['Sam Smith', 'Sam', 'Smith'],
    ['Mary Ann  Smith ', 'Mary Ann', 'Smith'],
    ['Cher', 'Cher', null],
    ['', null, null],
  ])('a whole name %j is split where there are no parts', async (displayName, firstName, lastName) => {
    expect((await app.upsert(uuidv7(), 'u', { displayName })).user).toMatchObject({ displayName, firstName, lastName });
  });

  it('parts that somebody gave are kept, those that followed from the whole name follow again', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'own', { firstName: 'Samuel' });
    expect((await app.upsert(realm, 'own', { displayName: 'Sam Smith' })).user).toMatchObject({ firstName: 'Samuel', lastName: null });
    await app.upsert(realm, 'derived', { displayName: 'Sam Smith' });
    expect((await app.upsert(realm, 'derived', { displayName: 'Ann Lee' })).user).toMatchObject({ firstName: 'Ann', lastName: 'Lee' });
    expect((await app.upsert(realm, 'derived', { displayName: null })).user).toMatchObject({ displayName: null, firstName: null, lastName: null });
  });

  it('preferences are merged, remember when they changed, and have a size', async () => {
    const realm = uuidv7();
    expect((await app.upsert(realm, 'u', {})).user).toMatchObject({ preferences: {}, preferencesUpdatedAt: null });
    const set = (await app.upsert(realm, 'u', { preferences: { timezone: 'Pacific/Auckland', notificationsEnabled: true } })).user;
    expect(set.preferencesUpdatedAt).toBe(set.modifiedAt);
    const same = (await app.upsert(realm, 'u', { preferences: { notificationsEnabled: true } })).user;
    expect(same).toEqual(set);
    expect((await app.upsert(realm, 'u', { preferences: { timezone: null } })).user.preferences).toEqual({ notificationsEnabled: true });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'u', { preferences: { a: 'x'.repeat(17_000) } }))).toMatchObject({ code: 'invalid-profile', details: [{ path: 'preferences' }] });
  });

  it('places are kept and removed like any other', async () => {
    const realm = uuidv7();
    const place = { city: 'Auckland', country: 'NZ', region: '', timezone: 'Pacific/Auckland' };
    expect((await app.upsert(realm, 'u', place)).user).toMatchObject(place);
    expect(await app.get(realm, 'u')).toMatchObject(place);
    expect((await app.upsert(realm, 'u', { city: null })).user).toMatchObject({ ...place, city: null });
  });
});
