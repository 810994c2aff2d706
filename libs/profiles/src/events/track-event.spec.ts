import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
/** Another process over the same database. */
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});

const range = (count: number) => [...Array(count).keys()];
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();

async function timeLine(realmId: string, uid: string) {
  return (await app.call(profiles.listEvents, { realmId, user: { uid }, limit: 100 })).events;
}

function trackRequest(realmId: string, uid: string, event: Partial<profiles.TrackedEvent> = {}) {
  return { realmId, user: { uid }, event: { id: uuidv7(), event: 'Paid', value: null, properties: {}, ...event } };
}

describe('tracking an event', () => {
  it('keeps it as it was given, and when the user was seen', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    const properties = JSON.parse('{"__proto__":"p","ü":"\u{1F600}","n":1e300,"yes":true,"":""}') as Record<string, string>;
    const given = { id: 'order:1', event: 'Pürchase', value: 12.5, properties, timestamp: '2021-03-04T05:06:07.089Z' };
    expect(await app.track(realm, 'u', given)).toEqual({ stored: 'now' });
    const [stored] = await timeLine(realm, 'u');
    expect(stored).toEqual(given);
    expect(Object.entries(stored!.properties).sort()).toEqual(Object.entries(properties).sort());
    expect(await app.get(realm, 'u')).toMatchObject({ firstSeenAt: given.timestamp, lastSeenAt: given.timestamp, version: 1 });

    await app.track(realm, 'u', { timestamp: '2022-01-01T00:00:00.000Z', value: 'text' });
    expect(await app.get(realm, 'u')).toMatchObject({ firstSeenAt: given.timestamp, lastSeenAt: '2022-01-01T00:00:00.000Z' });
    await app.track(realm, 'u', { timestamp: '2020-01-01T00:00:00.000Z', value: false });
    expect(await app.get(realm, 'u')).toMatchObject({ firstSeenAt: '2020-01-01T00:00:00.000Z', lastSeenAt: '2022-01-01T00:00:00.000Z', version: 1 });
    expect((await timeLine(realm, 'u')).map(({ value }) => value)).toEqual(['text', 12.5, false]);
    expect((await app.outbox<{ realmId: string }>('profiles.user.changed')).filter(({ realmId }) => realmId === realm)).toHaveLength(1);
  });

  it('without a time happened when the database got it', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await app.track(realm, 'u');
    const [clock] = await app.database.query<{ now: string }>('SELECT now() AS now');
    expect(Math.abs(Date.parse((await timeLine(realm, 'u'))[0]!.timestamp) - Date.parse(clock!.now))).toBeLessThan(5_000);
  });

  it('stores one event however many send it at once, and for ever', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    const send = (side: ProfilesUnderTest) => side.track(realm, 'u', { id: 'same', value: 1, timestamp: '2024-05-05T00:00:00.000Z' });
    const answers = await Promise.all(range(10).map((n) => send(n % 2 === 0 ? app : replica)));
    expect(answers.filter(({ stored }) => stored === 'now')).toHaveLength(1);
    // The id alone decides, not the month the event claims to be of.
    expect(await app.track(realm, 'u', { id: 'same', value: 2, timestamp: '2019-01-01T00:00:00.000Z' })).toEqual({ stored: 'before' });
    expect(await timeLine(realm, 'u')).toHaveLength(1);
    expect(await app.get(realm, 'u')).toMatchObject({ firstSeenAt: '2024-05-05T00:00:00.000Z' });
    // Ids are per user.
    await app.upsert(realm, 'v');
    expect(await app.track(realm, 'v', { id: 'same' })).toEqual({ stored: 'now' });
  });

  it('is told once per commit, with ids only', async () => {
    const realm = uuidv7();
    await Promise.all(range(20).map((n) => app.upsert(realm, `u${n}`)));
    const before = (await app.outbox('profiles.events.tracked')).length;
    await Promise.all(range(200).map((n) => app.track(realm, `u${n % 20}`, { value: 'a secret' })));
    const told = (await app.outbox<{ realmId: string; userIds: string[] }>('profiles.events.tracked')).slice(before);
    expect(told.length).toBeLessThan(20);
    expect(new Set(told.flatMap(({ userIds }) => userIds)).size).toBe(20);
    expect(JSON.stringify(told)).not.toContain('secret');
    const [stored] = await app.database.query<{ events: number }>('SELECT count(*) AS events FROM user_events WHERE realm_id = $1', [realm]);
    expect(stored!.events).toBe(200);
    // Nothing new, nothing to tell.
    await app.track(realm, 'u0', { id: 'again' });
    const settled = (await app.outbox('profiles.events.tracked')).length;
    await app.track(realm, 'u0', { id: 'again' });
    expect(await app.outbox('profiles.events.tracked')).toHaveLength(settled);
  });

  it('of the same users from two processes at once neither stops nor fails', async () => {
    const realm = uuidv7();
    await Promise.all(range(20).map((n) => app.upsert(realm, `u${n}`)));
    const work = range(400).map((n) => {
      const side = n % 2 === 0 ? app : replica;
      const uid = `u${(n * 7) % 20}`;
      return n % 5 === 0 ? side.upsert(realm, uid, { attributes: { [`k${n}`]: n } }) : side.track(realm, uid);
    });
    await Promise.all(work);
    const [stored] = await app.database.query<{ events: number }>('SELECT count(*) AS events FROM user_events WHERE realm_id = $1', [realm]);
    expect(stored!.events).toBe(320);
  });

  it('keeps the order of arrival among events of one moment', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await Promise.all(range(30).map((n) => app.track(realm, 'u', { value: n, timestamp: '2025-01-01T00:00:00.000Z' })));
    expect((await timeLine(realm, 'u')).map(({ value }) => value)).toEqual(range(30).reverse());
  });

  it('fails by itself when it is refused', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    const results = await Promise.allSettled(
      range(40).map((n) => app.call(profiles.trackEvent, trackRequest(realm, n % 4 === 1 ? 'nobody' : 'u', n % 4 === 2 ? { timestamp: hours(25) } : {}))),
    );
    results.forEach((result, n) => {
      if (n % 4 === 1) expect(String((result as PromiseRejectedResult).reason)).toContain('user-not-found');
      else if (n % 4 === 2) expect(String((result as PromiseRejectedResult).reason)).toContain('invalid-event');
      else expect(result.status).toBe('fulfilled');
    });
    expect(await timeLine(realm, 'u')).toHaveLength(20);
  });

  it('fails by itself when Postgres refuses it', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await app.database.query(`ALTER TABLE user_events ADD CONSTRAINT spec_poison CHECK (event <> 'poison')`);
    try {
      const results = await Promise.allSettled(range(50).map((n) => app.track(realm, 'u', { event: n === 25 ? 'poison' : 'fine' })));
      expect(results.map(({ status }) => status)).toEqual(range(50).map((n) => (n === 25 ? 'rejected' : 'fulfilled')));
      expect(await timeLine(realm, 'u')).toHaveLength(49);
    } finally {
      await app.database.query('ALTER TABLE user_events DROP CONSTRAINT spec_poison');
    }
  });

  it('refuses what breaks a rule and names the place', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    const refused = async (event: Partial<profiles.TrackedEvent>) => {
      const failure = await app.failure(profiles.trackEvent, trackRequest(realm, 'u', event));
      expect(failure).toMatchObject({ kind: 'invalid', code: 'invalid-event' });
      return failure.details?.map(({ path }) => path);
    };
    expect(await refused({ timestamp: hours(24.1) })).toEqual(['timestamp']);
    expect(await refused({ timestamp: '0000-06-01T00:00:00Z' })).toEqual(['timestamp']);
    expect(await refused({ id: 'a\0', event: '\ud800', value: '\0', properties: { 'k\0': 1, nul: '\0' } })).toEqual(['id', 'event', 'value', 'properties.k\0', 'properties.nul']);
    expect(await refused({ properties: { long: 'x'.repeat(32 * 1024) } })).toEqual(['']);
    expect(await app.track(realm, 'u', { timestamp: hours(23.9), properties: { long: 'x'.repeat(32 * 1024 - 300) } })).toEqual({ stored: 'now' });
    expect(await app.track(realm, 'u', { timestamp: '0001-01-01T00:00:00Z' })).toEqual({ stored: 'now' });
    expect((await timeLine(realm, 'u')).at(-1)!.timestamp).toBe('0001-01-01T00:00:00.000Z');
  });

  it('of somebody who is being made meanwhile works or finds nobody', async () => {
    const realm = uuidv7();
    const outcomes = await Promise.all(range(60).map((n) => {
      const made = app.upsert(realm, `u${n}`);
      const tracked = replica.track(realm, `u${n}`).then(({ stored }) => stored as string, (error: Error) => error.message.split(':')[0]!);
      return made.then(() => tracked);
    }));
    expect(outcomes.filter((outcome) => outcome !== 'now' && outcome !== 'user-not-found')).toEqual([]);
  });

  it('of somebody who is being hidden meanwhile waits, and is not stored', async () => {
    const realm = uuidv7();
    const { user } = await app.upsert(realm, 'hiding');
    const held = await app.database.connect();
    try {
      await held.query('BEGIN');
      await held.query('UPDATE users SET hidden_by = $2 WHERE user_id = $1', [user.userId, uuidv7()]);
      const late = app.failure(profiles.trackEvent, trackRequest(realm, 'hiding'));
      await eventually(async () => {
        const [waits] = await app.database.query<{ count: number }>(`SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
        expect(waits!.count).toBe(1);
      });
      await held.query('COMMIT');
      expect(await late).toMatchObject({ code: 'user-not-found' }); // there is no tombstone, only the mark
      const [stored] = await app.database.query<{ events: number }>('SELECT count(*) AS events FROM user_events WHERE realm_id = $1', [realm]);
      expect(stored!.events).toBe(0);
    } finally {
      held.release();
    }
  });

  it.each(['nobody', 'a\0b', uuidv7()])('of %j, whom nobody knows, finds nobody', async (uid) => {
    expect(await app.failure(profiles.trackEvent, trackRequest(uuidv7(), uid))).toMatchObject({ kind: 'not-found', code: 'user-not-found' });
  });
});
