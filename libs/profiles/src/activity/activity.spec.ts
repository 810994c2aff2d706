import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { ActivityRuns } from './activity-runs.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const range = (count: number) => [...Array(count).keys()];
const day = (n: number) => `2022-01-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const marking = (realmId: string, events: string[]) => ({ realmId, events, actor: systemActor });
const mark = (realmId: string, ...events: string[]) => app.call(profiles.markActivityEvents, marking(realmId, events));
const done = (realmId: string, uid: string, event: string, at: string, more: object = {}) => app.track(realmId, uid, { event, timestamp: at, ...more });
const activityOf = async (realmId: string, uid: string) => (await app.get(realmId, uid)).activity;
const settled = (realmId: string) => eventually(async () => expect((await app.call(profiles.listActivityEvents, { realmId })).computing).toEqual([]));

describe('of a marked event', () => {
  it('the first and the last time are kept, and of others nothing', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await mark(realm, 'Completed card', 'viewed');
    for (const n of [5, 3, 9]) await done(realm, 'u', 'Completed card', day(n));
    await done(realm, 'u', 'other', day(20));
    expect(await activityOf(realm, 'u')).toEqual({ 'first_Completed card_at': day(3), 'last_Completed card_at': day(9) });
    expect(await app.get(realm, 'u')).toMatchObject({ firstSeenAt: day(3), lastSeenAt: day(20), version: 1 });
  });

  it('only what is stored counts: not the same id told again with another time', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await mark(realm, 'viewed');
    for (const n of [5, 1, 9]) await done(realm, 'u', 'viewed', day(n), { id: 'same' });
    expect(await activityOf(realm, 'u')).toEqual({ first_viewed_at: day(5), last_viewed_at: day(5) });
  });

  it('events that are written together count like ones that come alone', async () => {
    const realm = uuidv7();
    await Promise.all(['u', 'v'].map((uid) => app.upsert(realm, uid)));
    await mark(realm, 'a', 'b');
    await Promise.all(range(60).map((n) => done(realm, n % 2 === 0 ? 'u' : 'v', n % 3 === 0 ? 'a' : 'b', day((n % 28) + 1))));
    const times = (uid: string, event: string) => range(60).filter((n) => (n % 2 === 0 ? 'u' : 'v') === uid && (n % 3 === 0 ? 'a' : 'b') === event).map((n) => day((n % 28) + 1)).sort();
    for (const uid of ['u', 'v']) {
      expect(await activityOf(realm, uid)).toEqual(Object.fromEntries(['a', 'b'].flatMap((event) => [[`first_${event}_at`, times(uid, event)[0]], [`last_${event}_at`, times(uid, event).at(-1)]])));
    }
  });

  it('an update of the profile leaves them alone', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await mark(realm, 'viewed');
    await done(realm, 'u', 'viewed', day(1));
    expect((await app.upsert(realm, 'u', { city: 'Lagos', attributes: { a: 1 } })).user.activity).toEqual({ first_viewed_at: day(1), last_viewed_at: day(1) });
  });
});

describe('marking events', () => {
  it('counts what users did before, and takes away what is no longer marked', async () => {
    const realm = uuidv7();
    const uids = range(1_100).map((n) => `u${n}`);
    await Promise.all(uids.map((uid) => app.upsert(realm, uid)));
    for (const uid of ['u0', 'u1099']) for (const n of [2, 7]) await done(realm, uid, 'viewed', day(n));
    expect((await mark(realm, 'viewed', 'never')).events).toEqual(['viewed', 'never']);
    // While all users are looked at, too.
    await Promise.all(uids.slice(1, 300).map((uid) => done(realm, uid, 'viewed', day(4))));
    await settled(realm);
    const both = { first_viewed_at: day(2), last_viewed_at: day(7) };
    expect([await activityOf(realm, 'u0'), await activityOf(realm, 'u1099'), await activityOf(realm, 'u150'), await activityOf(realm, 'u500')]).toEqual([both, both, { first_viewed_at: day(4), last_viewed_at: day(4) }, {}]);

    await mark(realm, 'never');
    await done(realm, 'u0', 'viewed', day(20));
    await eventually(async () => expect(await activityOf(realm, 'u1099')).toEqual({}));
    await mark(realm, 'viewed');
    await settled(realm);
    expect(await activityOf(realm, 'u0')).toEqual({ first_viewed_at: day(2), last_viewed_at: day(20) });
  });

  it('keeps the order in which they were given, and told again does nothing', async () => {
    const realm = uuidv7();
    await mark(realm, 'b', 'a');
    expect((await mark(realm, 'a', 'b')).events).toEqual(['a', 'b']);
    await settled(realm);
    expect(await mark(realm, 'a', 'b')).toEqual({ events: ['a', 'b'], computing: [] });
    expect((await app.outbox<{ realmId: string }>('profiles.activity.marked')).filter(({ realmId }) => realmId === realm)).toHaveLength(2);
  });

  it.each<[what: string, events: string[], place: string]>([
    ['one named twice', ['a', 'a'], 'events[1]'],
    ['one whose fields are kept already', ['ok', 'seen'], 'events[1]'],
    ['one of a platform', ['android_seen'], 'events[0]'],
    ['a NUL character', ['a\0'], 'events[0]'],
  ])('refuses %s', async (_what, events, place) => {
    expect(await app.failure(profiles.markActivityEvents, marking(uuidv7(), events))).toMatchObject({ code: 'invalid-activity-event', details: [{ path: place }] });
  });

  it('and custom fields and attributes keep out of one another\'s names', async () => {
    const realm = uuidv7();
    await app.call(profiles.declareFields, { realmId: realm, fields: [{ name: 'last_order_at', type: 'date' }], actor: systemActor });
    await app.upsert(realm, 'u', { attributes: { first_visit_at: 'long ago' } });
    expect(await app.failure(profiles.markActivityEvents, marking(realm, ['x', 'order']))).toMatchObject({ code: 'activity-field-taken', details: [{ path: 'events[1]' }] });
    expect(await app.failure(profiles.markActivityEvents, marking(realm, ['visit']))).toMatchObject({ code: 'activity-field-taken', message: expect.stringContaining('1 user') });
    await app.upsert(realm, 'u', { attributes: { first_visit_at: null } });
    await mark(realm, 'visit');
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'u', { attributes: { last_visit_at: 'x', last_login_at: 'y' } }))).toMatchObject({ code: 'invalid-profile', details: [{ path: 'attributes.last_visit_at' }] });
    expect(await app.failure(profiles.declareFields, { realmId: realm, fields: [{ name: 'last_visit_at', type: 'date' }], actor: systemActor })).toMatchObject({ code: 'invalid-field', details: [{ path: 'fields[0].name' }] });
    await app.upsert(realm, 'u', { attributes: { last_login_at: 'free' } });
  });

  it('goes on where a process died', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await done(realm, 'u', 'viewed', day(1));
    await app.database.execute(`INSERT INTO activity_events (realm_id, event, place, marked, modified_by) VALUES ($1, 'viewed', 1, true, 'spec')`, [realm]);
    await app.provider(ActivityRuns).execute();
    await settled(realm);
    expect(await activityOf(realm, 'u')).toEqual({ first_viewed_at: day(1), last_viewed_at: day(1) });
  });
});

describe('a request of the end user\'s own', () => {
  const phone = { platform: 'android', device: 'Android 10; SM-A015F', sdkVersion: '1.0.3' } as const;

  it('says what they use, and that they were there', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'u');
    await app.call(profiles.noteSight, { realmId: realm, userId: user.userId, sight: phone });
    await app.call(profiles.noteSight, { realmId: realm, userId: user.userId, sight: { platform: 'browser', device: 'Mozilla/5.0', sdkVersion: null } });
    await app.call(profiles.noteSight, { realmId: realm, userId: user.userId, sight: { platform: null, device: null, sdkVersion: null } });
    const { activity, firstSeenAt, lastSeenAt, version } = await app.get(realm, 'u');
    expect(activity).toEqual({ last_android_device: phone.device, last_android_sdk_version: '1.0.3', last_android_seen_at: firstSeenAt, last_browser: 'Mozilla/5.0', last_browser_seen_at: expect.any(String) });
    expect(Date.parse(lastSeenAt!)).toBeGreaterThanOrEqual(Date.parse(activity['last_browser_seen_at']!));
    expect(version).toBe(1);
  });

  it('is noted with the event that it tells', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'u');
    await app.call(profiles.trackEvent, { realmId: realm, user: { userId: user.userId }, event: { id: 'e', event: 'e', value: null, properties: {}, timestamp: day(1) }, sight: phone });
    expect(await app.get(realm, 'u')).toMatchObject({ firstSeenAt: day(1), lastSeenAt: expect.stringMatching(/^20(2[3-9]|[3-9]\d)-/), activity: { last_android_device: phone.device } });
  });

  it('of somebody who is gone is nobody\'s', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'u');
    await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: 'u' }], requestedBy: 'spec' });
    expect((await app.failure(profiles.noteSight, { realmId: realm, userId: user.userId, sight: phone })).code).toBe('user-not-found');
  });
});

describe('the activity of users who are merged', () => {
  it('is that of both: first and last times, and what was used last', async () => {
    const realm = uuidv7();
    const source = (await app.upsert(realm, 'src')).user.userId;
    const destination = (await app.upsert(realm, 'dst')).user.userId;
    await mark(realm, 'viewed', 'only');
    for (const [uid, n] of [['src', 1], ['dst', 3], ['src', 9], ['dst', 5]] as const) await done(realm, uid, 'viewed', day(n));
    await done(realm, 'src', 'only', day(2));
    const see = (userId: string, device: string, platform: 'browser' | 'ios') => app.call(profiles.noteSight, { realmId: realm, userId, sight: { platform, device, sdkVersion: `of ${device}` } });
    await see(source, 'old phone', 'ios');
    await see(destination, 'new phone', 'ios');
    await see(destination, 'old browser', 'browser');
    await app.database.execute(`UPDATE users SET activity = activity || '{"last_browser_seen_at":"2020-01-01T00:00:00.000Z"}' WHERE realm_id = $1 AND user_id = $2`, [realm, destination]);
    await see(source, 'new browser', 'browser');
    const { user: { activity } } = await app.call(profiles.mergeUsers, { realmId: realm, source: { uid: 'src' }, destination: { uid: 'dst' }, erasureId: uuidv7(), actor: systemActor });
    expect(activity).toMatchObject({
      first_viewed_at: day(1), last_viewed_at: day(9), first_only_at: day(2), last_only_at: day(2),
      last_ios_device: 'new phone', last_ios_sdk_version: 'of new phone', last_browser: 'new browser', last_browser_sdk_version: 'of new browser',
    });
    expect(await activityOf(realm, 'src')).toEqual(activity);
  });
});
