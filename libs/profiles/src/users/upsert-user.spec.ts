import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, staffRealmId } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

describe('upserting a user', () => {
  it('creates a user once and merges into it afterwards', async () => {
    const realm = uuidv7();
    const newUserId = uuidv7();
    const created = await app.upsert(realm, 'u1', { firstName: 'Akin', email: 'a@example.com', createdAt: '2021-01-12T05:24:39.062Z', attributes: { plan: 'pro', age: 34 } }, { newUserId, actor: { type: 'credential', id: 'key-1' } });
    expect(created).toMatchObject({ created: true, user: { userId: newUserId, realmId: realm, externalId: 'u1', uid: 'u1', version: 1, createdAt: '2021-01-12T05:24:39.062Z', createdBy: 'key-1', isActive: true, roles: [], userName: null } });

    const updated = await app.upsert(realm, 'u1', { lastName: 'Jinadu', firstName: null, createdAt: null, attributes: { plan: null, town: 'Lagos' } }, { actor: { type: 'user', id: 'somebody' } });
    expect(updated).toMatchObject({ created: false, user: { userId: newUserId, firstName: null, lastName: 'Jinadu', email: 'a@example.com', attributes: { age: 34, town: 'Lagos' }, version: 2, createdAt: '2021-01-12T05:24:39.062Z', createdBy: 'key-1', modifiedBy: 'somebody' } });
    expect(await app.get(realm, 'u1')).toEqual(updated.user);
  });

  it('does nothing when nothing changes: no version, no event', async () => {
    const realm = uuidv7();
    const patch = { firstName: 'Ada', attributes: { a: 1 }, device: { token: 't', platform: 'ios' as const } };
    const { user } = await app.upsert(realm, 'same', patch);
    const again = await app.upsert(realm, 'same', patch, { actor: { type: 'user', id: 'another' } });
    expect(again).toEqual({ created: false, user });
    expect((await app.outbox<{ userId: string }>('profiles.user.changed')).filter(({ userId }) => userId === user.userId)).toHaveLength(1);
  });

  it('tells what changed, by name and never by value', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'told', { email: 'secret@example.com', attributes: { plan: 'secret' } });
    await app.upsert(realm, 'told', { attributes: { plan: null }, phone: '123' });
    const events = (await app.outbox<{ userId: string }>('profiles.user.changed')).filter(({ userId }) => userId === user.userId);
    expect(events).toEqual([
      { realmId: realm, userId: user.userId, version: 1, created: true, facts: ['externalId', 'email', 'attributes.plan'] },
      { realmId: realm, userId: user.userId, version: 2, created: false, facts: ['phone', 'attributes.plan'] },
    ]);
  });

  it('keeps realms apart', async () => {
    const [one, two] = [await app.upsert(uuidv7(), 'u1'), await app.upsert(uuidv7(), 'u1')];
    expect(one.user.userId).not.toBe(two.user.userId);
    expect(await app.failure(profiles.getUser, { realmId: one.user.realmId, user: { userId: two.user.userId } })).toMatchObject({ code: 'user-not-found' });
  });

  it('makes somebody who has no external id by their id, and finds them by it again', async () => {
    const newUserId = uuidv7();
    const request = { ...app.upsertRequest(staffRealmId, 'none', { displayName: 'Root', email: 'root@example.com' }), externalId: undefined, newUserId };
    expect(await app.call(profiles.upsertUser, request)).toMatchObject({ created: true, user: { userId: newUserId, externalId: null, uid: 'root@example.com' } });
    // An id is the same however its letters are written.
    const again = await app.call(profiles.upsertUser, { ...request, newUserId: newUserId.toUpperCase(), patch: { displayName: 'Admin' } });
    expect(again).toMatchObject({ created: false, user: { userId: newUserId, displayName: 'Admin', version: 2 } });
  });

  it('refuses an id for a new user that is somebody else\'s', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'first');
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'second', {}, { newUserId: user.userId }))).toMatchObject({ kind: 'conflict', code: 'uid-taken' });
    expect(await app.get(realm, 'first')).toEqual(user);
  });

  it('refuses what breaks a rule, names the place, and writes nothing', async () => {
    const realm = uuidv7();
    const failure = await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'bad', { firstName: 'kept out', attributes: { ok: 1, email: 'x', nul: 'a\0b' } }));
    expect(failure).toMatchObject({ kind: 'invalid', code: 'invalid-profile', details: [{ path: 'attributes.email' }, { path: 'attributes.nul' }] });
    expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid: 'bad' } })).toMatchObject({ code: 'user-not-found' });

    const keys = (from: number) => Object.fromEntries([...Array(600).keys()].map((key) => [`k${from + key}`, key]));
    await app.upsert(realm, 'many', { attributes: keys(0) });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'many', { attributes: keys(600) }))).toMatchObject({ code: 'invalid-profile', details: [{ path: 'attributes' }] });
    expect((await app.get(realm, 'many')).version).toBe(1);
  });

  it('gives back odd values exactly as they were given', async () => {
    const realm = uuidv7();
    const odd = {
      '': '', ' ': ' ', __proto: 1, toString: 'method', 'ключ': 'значение', '\u{1F600}': '\u{1F468}\u200D\u{1F469}', quote: `"'\\\`$1`, tab: '\t\n\r\u0001\u007f\u2028', decomposed: 'e\u0301', number: '34',
      zero: 0, tiny: 5e-324, huge: 1.7976931348623157e308, safe: Number.MAX_SAFE_INTEGER, below: -Number.MAX_SAFE_INTEGER, fraction: 0.1 + 0.2, exponent: 1e21, yes: true, no: false, long: 'ü'.repeat(4_000),
    };
    const attributes = JSON.parse(`{"__proto__":"polluted?","constructor":false,${JSON.stringify(odd).slice(1)}`) as Record<string, string>;
    const uid = 'ünï-ключ+李@=';
    const { user } = await app.upsert(realm, uid, { attributes, firstName: '', lastName: ' x ', notes: '\u{1F600}\n' });
    const read = await app.get(realm, uid);
    expect(read).toEqual(user);
    // By entries, because toEqual overlooks a property called __proto__.
    expect(Object.entries(read.attributes).sort()).toEqual(Object.entries(attributes).sort());
    expect(Object.entries(user.attributes).sort()).toEqual(Object.entries(attributes).sort());
    expect(read).toMatchObject({ uid, firstName: '', lastName: ' x ', notes: '\u{1F600}\n' });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((await app.upsert(realm, uid, { attributes })).user.version).toBe(1);
    const without = await app.upsert(realm, uid, { attributes: JSON.parse('{"__proto__":null}') as Record<string, null> });
    expect(Object.keys(without.user.attributes)).not.toContain('__proto__');
  });
});

describe('getting a user', () => {
  it('finds by external id first, and those without one by email, user name or id', async () => {
    const realm = uuidv7();
    const without = async (email: string | null) => {
      const { user } = await app.call(profiles.upsertUser, { ...app.upsertRequest(realm, '-', { email }), externalId: undefined });
      return user.userId;
    };
    const [mailed, named, bare] = [await without('Ada@Example.com'), await without(null), await without(null)];
    const state = (userId: string, userName: string) => ({ userId, version: 1, userName, loginEmail: null, isActive: false, canLogIn: false });
    await app.call(profiles.applyLoginState, { realmId: realm, users: [state(named, 'Bob')] });
    const idOf = async (uid: string) => (await app.get(realm, uid)).userId;

    expect(await idOf('ada@example.com')).toBe(mailed);
    expect(await idOf('bob')).toBe(named);
    expect(await idOf(bare)).toBe(bare);
    expect(await app.get(realm, 'bob')).toMatchObject({ uid: 'Bob', userName: 'Bob', isActive: false });
    expect(await app.get(realm, bare)).toMatchObject({ uid: bare });

    // Somebody's external id comes before everybody's other names; and who has one goes by nothing else.
    const taken = (await app.upsert(realm, 'ada@example.com', { email: 'bob' })).user.userId;
    expect(await idOf('ada@example.com')).toBe(taken);
    expect(await idOf('bob')).toBe(named);
    expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid: taken } })).toMatchObject({ code: 'user-not-found' });
    expect((await app.call(profiles.getUser, { realmId: realm, user: { userId: taken } })).userId).toBe(taken);
  });

  it.each(['nobody', 'a\0b', '\ud800', '%', uuidv7()])('knows nobody called %j', async (uid) => {
    expect(await app.failure(profiles.getUser, { realmId: uuidv7(), user: { uid } })).toMatchObject({ kind: 'not-found', code: 'user-not-found' });
  });

  it('does not wait for writers', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'locked');
    const { user } = await app.upsert(realm, 'free');
    const held = await app.database.connect();
    try {
      await held.query('BEGIN');
      await held.query('SELECT FROM users WHERE realm_id = $1 FOR UPDATE', [realm]);
      const stuck = [app.upsert(realm, 'locked', { firstName: 'x' }), app.upsert(realm, 'free', { firstName: 'y' })];
      expect(await app.get(realm, 'free')).toEqual(user);
      await held.query('COMMIT');
      expect((await Promise.all(stuck)).map(({ user: { version } }) => version)).toEqual([2, 2]);
    } finally {
      held.release();
    }
  });
});
