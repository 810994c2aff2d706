import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { MembershipStandIn, profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { EventRetentionRepository } from './event-retention.repository.js';
import { RetainEvents } from './retain-events.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const retain = () => app.provider(RetainEvents).execute({ requestId: 'spec' });
const project = (projectId: string, days?: number) => ({
  projectId, organisationId: uuidv7(), teamId: null, name: 'P', slug: `p-${projectId.slice(-8)}`, metadata: {}, createdAt: '2026-01-01T00:00:00.000Z', modifiedAt: '2026-01-01T00:00:00.000Z',
  settings: days === undefined ? {} : { event_retention_days: days },
});

async function store(realmId: string, uid: string, count: number, daysAgo: number): Promise<void> {
  await app.database.execute(
    `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) SELECT u.realm_id, u.user_id, now() - make_interval(days => $3), $3 || '-' || n, 'Paid' FROM users u, generate_series(1, $4) n WHERE u.realm_id = $1 AND u.external_id = $2`,
    [realmId, uid, daysAgo, count],
  );
}
const left = async (realmId: string) => (await app.database.query<{ count: number }>('SELECT count(*) AS count FROM user_events WHERE realm_id = $1', [realmId]))[0]!.count;

describe('tracked events', () => {
  it('are kept for as long as their project wants, for ever where it says nothing, and members of segments follow', async () => {
    const [short, long, forEver] = [uuidv7(), uuidv7(), uuidv7()];
    app.provider(MembershipStandIn).projects = [project(short, 30), project(long, 100), project(forEver)];
    for (const realmId of [short, long, forEver]) {
      for (const uid of ['a', 'b', 'c']) await app.upsert(realmId, uid);
      // More than a batch, of one user and of several.
      for (const [uid, count] of [['a', 7_000], ['b', 10], ['c', 4_000]] as const) await store(realmId, uid, count, 60);
      await store(realmId, 'b', 3, 29);
      await store(realmId, 'c', 2, 99);
      await store(realmId, 'c', 1, 4_000);
    }
    const segmentId = uuidv7();
    await app.call(profiles.createSegment, { realmId: short, segmentId, name: 'S', rule: { events: { $count: { event: 'Paid' }, $gte: 3 } }, actor: systemActor });
    const members = async () => (await app.call(profiles.listNewestUsers, { realmId: short, limit: 10, segmentId })).users.map(({ uid }) => uid).sort();
    await eventually(async () => expect(await members()).toEqual(['a', 'b', 'c']));

    expect((await retain()).deleted).toBe(11_013 + 1);
    expect([await left(short), await left(long), await left(forEver)]).toEqual([3, 11_015, 11_016]);
    expect((await retain()).deleted).toBe(0);
    await eventually(async () => expect(await members()).toEqual(['b']));
  });

  it('that were deleted by a run that was cut short are missing in segments too', async () => {
    const realmId = uuidv7();
    app.provider(MembershipStandIn).projects = [project(realmId, 30)];
    for (const uid of ['a', 'b']) {
      await app.upsert(realmId, uid);
      await store(realmId, uid, 6_000, 60);
    }
    const segmentId = uuidv7();
    await app.call(profiles.createSegment, { realmId, segmentId, name: 'S', rule: { events: { $count: { event: 'Paid' }, $gte: 3 } }, actor: systemActor });
    const members = async () => (await app.call(profiles.listNewestUsers, { realmId, limit: 10, segmentId })).users.map(({ uid }) => uid).sort();
    await eventually(async () => expect(await members()).toEqual(['a', 'b']));
    const events = app.provider(EventRetentionRepository);
    const deleteOld = events.deleteOld.bind(events);
    let batches = 0;
    const dying = jest.spyOn(events, 'deleteOld').mockImplementation(async (...batch) => {
      batches += 1;
      if (batches === 3) throw new Error('the process is gone');
      return deleteOld(...batch);
    });
    await expect(retain()).rejects.toThrow('gone');
    dying.mockRestore();
    await eventually(async () => expect(await members()).toEqual(['b']));
    expect((await retain()).deleted).toBe(2_000);
    await eventually(async () => expect(await members()).toEqual([]));
  });

  it('that were deleted are no news when they are sent again', async () => {
    const realmId = uuidv7();
    app.provider(MembershipStandIn).projects = [project(realmId, 1)];
    await app.upsert(realmId, 'u');
    const event = { id: 'once', timestamp: '2026-01-01T00:00:00.000Z' };
    await app.track(realmId, 'u', event);
    expect((await retain()).deleted).toBe(1);
    await app.track(realmId, 'u', event);
    expect(await left(realmId)).toBe(0);
  });
});

describe('a partition of a month that is over', () => {
  it('is dropped once it is empty', async () => {
    app.provider(MembershipStandIn).projects = [];
    // As on an installation that has been there for months: what lies before it begins earlier.
    const [empty, full] = ['user_events_2001_01', 'user_events_2001_02'];
    await app.database.query(`
      ALTER TABLE user_events DETACH PARTITION user_events_past;
      CREATE TABLE ${empty} PARTITION OF user_events FOR VALUES FROM ('2001-01-01T00:00:00+00') TO ('2001-02-01T00:00:00+00');
      CREATE TABLE ${full} PARTITION OF user_events FOR VALUES FROM ('2001-02-01T00:00:00+00') TO ('2001-03-01T00:00:00+00')`);
    const realmId = uuidv7();
    await app.upsert(realmId, 'u');
    await app.track(realmId, 'u', { timestamp: '2001-02-15T00:00:00.000Z' });
    expect((await retain()).dropped).toEqual([empty]);
    await app.track(realmId, 'u', { timestamp: '2001-01-15T00:00:00.000Z' });
    expect(await left(realmId)).toBe(2);
  });
});
