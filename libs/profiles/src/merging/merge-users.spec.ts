import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { identity, profiles, systemActor } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});
beforeEach(() => {
  app.identity.asked.length = 0;
  app.identity.onChangeEmail = async () => ({ applied: true });
});

const range = (count: number) => [...Array(count).keys()];
const merging = (realmId: string, source: string, destination: string) => ({ realmId, source: { uid: source }, destination: { uid: destination }, erasureId: uuidv7(), actor: systemActor });
const merge = async (...given: Parameters<typeof merging>) => (await app.call(profiles.mergeUsers, merging(...given))).user;
const refused = (...given: Parameters<typeof merging>) => app.failure(profiles.mergeUsers, merging(...given));
const hide = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });
const join = (realmId: string, uid: string, account: string, role: string | null = null) => app.call(profiles.joinAccounts, { realmId, user: { uid }, accounts: [{ account: { uid: account }, role }], actor: systemActor });
const eventIds = async (realmId: string, uid: string) => (await app.call(profiles.listEvents, { realmId, user: { uid }, limit: 100 })).events.map(({ id }) => id);

describe('merging two users', () => {
  it('leaves the destination its values, gives it what it lacked, and moves the rest to it', async () => {
    const realm = uuidv7();
    const device = (token: string) => ({ device: { token, platform: 'ios' as const } });
    await app.upsert(realm, 'src', { firstName: 'Source', lastName: 'S', email: 'src@example.com', phone: '1', attributes: { both: 'src', only: 1 }, ...device('shared') });
    for (const token of ['s1', 's2', 's3', 's4']) await app.upsert(realm, 'src', device(token));
    await app.upsert(realm, 'dst', { firstName: 'Dest', email: 'dst@example.com', attributes: { both: 'dst', mine: true }, ...device('shared') });
    await app.upsert(realm, 'dst', device('d1'));
    for (const uid of ['firm', 'club']) await app.upsert(realm, uid);
    await join(realm, 'src', 'firm', 'owner');
    await join(realm, 'dst', 'firm');
    await join(realm, 'src', 'club', 'member');
    await join(realm, 'firm', 'src');
    await join(realm, 'dst', 'src');
    await app.track(realm, 'src', { id: 'both', timestamp: '2020-01-01T00:00:00.000Z' });
    await app.track(realm, 'src', { id: 'src', timestamp: '2019-01-01T00:00:00.000Z' });
    await app.track(realm, 'dst', { id: 'both', timestamp: '2021-01-01T00:00:00.000Z' });

    const user = await merge(realm, 'src', 'dst');
    expect(user).toMatchObject({
      uid: 'dst', firstName: 'Dest', lastName: 'S', email: 'dst@example.com', phone: '1', attributes: { both: 'dst', mine: true, only: 1 }, firstSeenAt: '2019-01-01T00:00:00.000Z', lastSeenAt: '2021-01-01T00:00:00.000Z',
      accounts: [{ id: 'firm', role: 'owner' }, { id: 'club', role: 'member' }],
    });
    expect(user.devices.map(({ token }) => token)).toEqual(['d1', 'shared', 's4', 's3', 's2']);
    expect(await app.get(realm, 'dst')).toEqual(user);
    expect(await app.get(realm, 'src')).toEqual(user);
    expect((await app.get(realm, 'firm')).accounts).toEqual([{ id: 'dst', role: null }]);
    expect(await eventIds(realm, 'dst')).toEqual(['both', 'src']);
    expect((await app.call(profiles.listUsersByInsertion, { realmId: realm, limit: 10 })).users.map(({ uid }) => uid)).toEqual(['club', 'firm', 'dst']);
  });

  it('hands preferences to a destination who never told any, and no others', async () => {
    const realm = uuidv7();
    const preferences = { timezone: 'Africa/Lagos', notificationsEnabled: false };
    await app.upsert(realm, 'src', { preferences, city: 'Lagos' });
    await app.upsert(realm, 'dst', { country: 'NG' });
    expect(await merge(realm, 'src', 'dst')).toMatchObject({ preferences, preferencesUpdatedAt: expect.any(String), city: 'Lagos', country: 'NG' });
    await app.upsert(realm, 'other', { preferences: { timezone: 'Europe/Paris' }, city: 'Paris' });
    expect(await merge(realm, 'other', 'dst')).toMatchObject({ preferences, city: 'Lagos' });
  });

  it('has the source\'s uid mean the destination, in every read and write', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'src');
    const { user } = await app.upsert(realm, 'dst');
    await app.track(realm, 'src', { id: 'once' });
    await merge(realm, 'src', 'dst');
    expect((await app.upsert(realm, 'src', { firstName: 'by upsert' }, { recreateErased: true })).user).toMatchObject({ userId: user.userId, firstName: 'by upsert' });
    const both = await Promise.all([app.upsert(realm, 'src', { attributes: { a: 1 } }), app.upsert(realm, 'dst', { attributes: { b: 2 } })]);
    expect(both.map(({ created, user: { userId } }) => [created, userId])).toEqual([[false, user.userId], [false, user.userId]]);
    expect((await app.get(realm, 'dst')).attributes).toEqual({ a: 1, b: 2 });
    expect(await app.call(profiles.putUser, { realmId: realm, uid: 'src', externalId: 'src', newUserId: uuidv7(), patch: { lastName: 'by put' }, actor: systemActor })).toMatchObject({ created: false, user: { userId: user.userId, lastName: 'by put' } });
    expect(await app.track(realm, 'src', { id: 'once' })).toEqual({ stored: 'before' });
    expect(await app.track(realm, 'src', { id: 'new' })).toEqual({ stored: 'now' });
    expect(await eventIds(realm, 'src')).toEqual(['new', 'once']);
  });

  it('answers the same when asked again, and goes on through several merges', async () => {
    const realm = uuidv7();
    for (const uid of ['a', 'b', 'c']) await app.upsert(realm, uid);
    const first = await merge(realm, 'a', 'b');
    expect(await merge(realm, 'a', 'b')).toEqual(first);
    const { userId } = await merge(realm, 'b', 'c');
    for (const uid of ['a', 'b', 'c']) expect((await app.get(realm, uid)).userId).toBe(userId);
  });

  it('hands what is left of the source to the erasure in all services', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'src', { email: 'canary@example.com' });
    await app.upsert(realm, 'dst');
    const request = merging(realm, 'src', 'dst');
    const { user: { userId }, erasureId } = await app.call(profiles.mergeUsers, request);
    expect(erasureId).toBe(request.erasureId);
    // Asked again, as by somebody who did not get the answer: the same job.
    expect(await app.call(profiles.mergeUsers, merging(realm, 'src', 'dst'))).toMatchObject({ user: { userId }, erasureId: request.erasureId });
    const ours = <Data extends { realmId: string }>(events: Data[]) => events.filter(({ realmId }) => realmId === realm);
    expect(ours(await app.outbox<{ realmId: string }>('profiles.users.hidden'))).toEqual([{ realmId: realm, erasureId: request.erasureId, userIds: [user.userId], requestedBy: systemActor.id, requestedByType: systemActor.type }]);
    expect(ours(await app.outbox<{ realmId: string }>('profiles.users.merged'))).toEqual([{ realmId: realm, userId, sourceUserId: user.userId }]);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
    expect(Object.values((await app.call(profiles.countProfileRemains, { realmId: realm, userIds: [user.userId] })).remains).every((rows) => rows === 0)).toBe(true);
    expect(await app.get(realm, 'src')).toMatchObject({ userId, email: 'canary@example.com' });
  });

  it('works for users without an id of the customer\'s', async () => {
    const realm = uuidv7();
    const { user } = await app.call(profiles.upsertUser, { ...app.upsertRequest(realm, '-', { email: 'anon@example.com' }), externalId: undefined });
    await app.upsert(realm, 'known');
    expect(await merge(realm, 'anon@example.com', 'known')).toMatchObject({ uid: 'known', email: 'anon@example.com' });
    expect(await app.get(realm, 'anon@example.com')).toMatchObject({ uid: 'known' });
    expect(await app.failure(profiles.getUser, { realmId: realm, user: { userId: user.userId } })).toMatchObject({ code: 'user-not-found' });
  });

  it('takes the source\'s names with the destination when that is erased, until they are borne anew', async () => {
    const realm = uuidv7();
    for (const uid of ['src', 'dst']) await app.upsert(realm, uid);
    const { userId } = await merge(realm, 'src', 'dst');
    expect((await hide(realm, 'src')).userIds).toEqual([userId]);
    for (const uid of ['src', 'dst']) {
      expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid } })).toMatchObject({ code: 'user-not-found' });
      expect(await app.failure(profiles.trackEvent, { realmId: realm, user: { uid }, event: { id: 'x', event: 'x', value: null, properties: {} } })).toMatchObject({ code: 'user-erased' });
    }
    expect((await app.database.query('SELECT FROM user_aliases WHERE realm_id = $1', [realm])).length).toBe(0);
    expect(await app.upsert(realm, 'src', {}, { recreateErased: true })).toMatchObject({ created: true, user: { uid: 'src' } });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'dst'))).toMatchObject({ code: 'user-erased' });
  });

  it('refuses a user with themselves, strangers, the erased, and attributes that become too many; nothing is written', async () => {
    const realm = uuidv7();
    const keys = (from: number) => Object.fromEntries(range(600).map((n) => [`k${from + n}`, 1]));
    await app.upsert(realm, 'one', { attributes: keys(0) });
    const { user } = await app.upsert(realm, 'two', { attributes: keys(600) });
    await app.upsert(realm, 'gone');
    await hide(realm, 'gone');
    expect(await refused(realm, 'one', 'one')).toMatchObject({ kind: 'invalid', code: 'merge-same-user' });
    expect(await refused(realm, 'nobody', 'two')).toMatchObject({ code: 'user-not-found', details: [{ path: 'source' }] });
    expect(await refused(realm, 'one', 'nobody')).toMatchObject({ code: 'user-not-found', details: [{ path: 'destination' }] });
    expect(await refused(realm, 'gone', 'two')).toMatchObject({ kind: 'gone', code: 'user-erased' });
    expect(await refused(realm, 'one', 'two')).toMatchObject({ code: 'invalid-profile', details: [{ path: 'attributes' }] });
    expect(await app.get(realm, 'two')).toEqual(user);
  });

  it('of two both ways at once is done one way, and never finds nobody', async () => {
    const realm = uuidv7();
    for (const n of range(8)) {
      const [a, b] = [`a${n}`, `b${n}`];
      for (const uid of [a, b]) {
        await app.upsert(realm, uid, { attributes: { [uid]: true } });
        await app.track(realm, uid, { id: uid });
      }
      const outcomes = await Promise.allSettled([app.call(profiles.mergeUsers, merging(realm, a, b)), replica.call(profiles.mergeUsers, merging(realm, b, a)), replica.call(profiles.mergeUsers, merging(realm, a, b))]);
      const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.user.userId] : []));
      const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { value: { code: string } }).value.code] : []));
      expect([new Set(done).size, codes.filter((code) => code !== 'merge-same-user')]).toEqual([1, []]);
      for (const uid of [a, b]) expect(await app.get(realm, uid)).toMatchObject({ userId: done[0], attributes: { [a]: true, [b]: true } });
      expect((await eventIds(realm, a)).sort()).toEqual([a, b]);
    }
  });

  it('waits for a field that is being declared, and brings no value of its old type back', async () => {
    const realm = uuidv7();
    await Promise.all(range(20).flatMap((n) => [app.upsert(realm, `s${n}`, { attributes: { age: `${n}` } }), app.upsert(realm, `d${n}`)]));
    const declared = replica.call(profiles.declareFields, { realmId: realm, fields: [{ name: 'age', type: 'number' }], actor: systemActor });
    await Promise.all([declared, ...range(20).map((n) => merge(realm, `s${n}`, `d${n}`))]);
    for (const n of range(20)) expect((await app.get(realm, `d${n}`)).attributes).toEqual({ age: n });
  });

  it('refuses a source who logs in', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'src', { email: 'login@example.com' });
    await app.upsert(realm, 'dst');
    await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
    expect(await refused(realm, 'src', 'dst')).toMatchObject({ kind: 'conflict', code: 'merge-source-logs-in' });
    expect(await merge(realm, 'dst', 'src')).toMatchObject({ userId: user.userId });
  });

  it('asks identity before a destination who logs in gains an email', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'src', { email: 'gained@example.com' });
    const { user } = await app.upsert(realm, 'dst');
    await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
    app.identity.onChangeEmail = async () => {
      throw identity.identityErrors.failure('email-taken', 'no');
    };
    expect(await refused(realm, 'src', 'dst')).toMatchObject({ kind: 'conflict', code: 'email-taken' });
    expect(await app.get(realm, 'dst')).toEqual(user);
    app.identity.onChangeEmail = async () => ({ applied: true });
    expect(await merge(realm, 'src', 'dst')).toMatchObject({ email: 'gained@example.com' });
    expect(app.identity.asked).toEqual(Array(2).fill({ realmId: realm, userId: user.userId, email: 'gained@example.com' }));
  });

  it('moves more events than a slice, of several months', async () => {
    const realm = uuidv7();
    const [source, destination] = [(await app.upsert(realm, 'src')).user, (await app.upsert(realm, 'dst')).user];
    await app.database.query(
      `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) SELECT $1, $2, now() - n * interval '10 minutes', n::text, 'e' FROM generate_series(1, 45000) n`,
      [realm, source.userId],
    );
    await app.database.query(`INSERT INTO event_ids (realm_id, user_id, event_id) SELECT realm_id, user_id, event_id FROM user_events WHERE realm_id = $1`, [realm]);
    await app.track(realm, 'dst', { id: '7' });
    await merge(realm, 'src', 'dst');
    const [rows] = await app.database.query<{ events: number; ids: number; left: number }>(
      `SELECT (SELECT count(*) FROM user_events WHERE realm_id = $1 AND user_id = $2) AS events, (SELECT count(*) FROM event_ids WHERE realm_id = $1 AND user_id = $2) AS ids,
         (SELECT count(*) FROM user_events WHERE realm_id = $1 AND user_id = $3) + (SELECT count(*) FROM event_ids WHERE realm_id = $1 AND user_id = $3) AS left`,
      [realm, destination.userId, source.userId],
    );
    expect(rows).toEqual({ events: 45_000, ids: 45_000, left: 0 });
    expect(await app.track(realm, 'src', { id: '45000' })).toEqual({ stored: 'before' });
  });

  it('loses no event and no change that comes meanwhile, from any process', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'dst');
    await app.upsert(realm, 'src');
    const work = range(200).map((n) => {
      const side = n % 2 === 0 ? app : replica;
      if (n % 4 === 0) return side.upsert(realm, 'src', { attributes: { [`k${n}`]: n } }, { recreateErased: true });
      return side.track(realm, 'src', { id: `e${n}` });
    });
    await Promise.all([...work, replica.call(profiles.mergeUsers, merging(realm, 'src', 'dst'))]);
    const merged = await app.get(realm, 'src');
    expect(merged.userId).toBe(user.userId);
    expect(Object.keys(merged.attributes)).toHaveLength(50);
    const [stored] = await app.database.query<{ events: number }>('SELECT count(*) AS events FROM user_events WHERE realm_id = $1 AND user_id = $2', [realm, user.userId]);
    expect(stored!.events).toBe(150);
    const [users] = await app.database.query<{ users: number }>('SELECT count(*) AS users FROM users WHERE realm_id = $1 AND hidden_by IS NULL', [realm]);
    expect(users!.users).toBe(1);
  });
});
