import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { keptDays, realmDaysRepository } from './realm-days.repository.js';

let app: ProfilesUnderTest;
/** Another process over the same database. */
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});

const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
const asked = (realmId: string) => app.call(profiles.countRealmDays, { realmId, from: dayOf(500), to: dayOf(0) });

describe('the figures of a realm', () => {
  it('count events by their own day, once however often they are sent, and each user once a day, in all processes together', async () => {
    const realmId = uuidv7();
    for (const uid of ['a', 'b', 'c']) await app.upsert(realmId, uid);
    await Promise.all([app.track(realmId, 'a', { id: 'one' }), replica.track(realmId, 'a', { id: 'two' }), app.track(realmId, 'b'), replica.track(realmId, 'b')]);
    await app.track(realmId, 'a', { id: 'one' });
    const yesterday = `${dayOf(1)}T12:00:00.000Z`;
    for (const uid of ['b', 'c']) await replica.track(realmId, uid, { timestamp: yesterday });
    await app.track(realmId, 'c', { timestamp: '2001-01-01T00:00:00.000Z' });
    await eventually(async () => expect(await asked(realmId)).toEqual({ users: 3, days: [{ day: dayOf(1), users: null, activeUsers: 0, events: 2 }, { day: dayOf(0), users: null, activeUsers: 2, events: 4 }] }));
  });

  it('count an end user who only asked as active, and nobody of another realm', async () => {
    const [realmId, other] = [uuidv7(), uuidv7()];
    await app.upsert(realmId, 'a');
    await app.upsert(other, 'a');
    const { userId } = await app.get(realmId, 'a');
    const sight = { platform: 'browser' as const, device: null, sdkVersion: null };
    for (let time = 0; time < 2; time += 1) await app.call(profiles.noteSight, { realmId, userId, sight });
    await eventually(async () => expect((await asked(realmId)).days).toEqual([{ day: dayOf(0), users: null, activeUsers: 1, events: 0 }]));
    expect(await asked(other)).toEqual({ users: 1, days: [] });
  });

  it('count an end user who tells of another day as active now, since they are there to tell it, and once with what they do now', async () => {
    const realmId = uuidv7();
    const { user: { userId } } = await app.upsert(realmId, 'a');
    const sight = { platform: 'browser' as const, device: null, sdkVersion: null };
    for (const [id, timestamp] of [['late', `${dayOf(1)}T12:00:00.000Z`], ['now', undefined]] as const) {
      await app.call(profiles.trackEvent, { realmId, user: { userId }, event: { id, event: 'opened', value: null, properties: {}, timestamp }, sight });
    }
    await eventually(async () => expect((await asked(realmId)).days).toEqual([{ day: dayOf(1), users: null, activeUsers: 0, events: 1 }, { day: dayOf(0), users: null, activeUsers: 1, events: 1 }]));
  });

  it('keep how many users there were, and are forgotten when they are old', async () => {
    const realmId = uuidv7();
    for (const uid of ['a', 'b']) await app.upsert(realmId, uid);
    await realmDaysRepository.add(app.database, [keptDays - 1, keptDays + 1].map((ago) => ({ realmId, day: dayOf(ago), activeUsers: 1, events: 1 })));
    for (let time = 0; time < 2; time += 1) await app.database.withTransaction((tx) => realmDaysRepository.keepTotals(tx));
    expect(await asked(realmId)).toEqual({ users: 2, days: [{ day: dayOf(keptDays - 1), users: null, activeUsers: 1, events: 1 }, { day: dayOf(0), users: 2, activeUsers: 0, events: 0 }] });
  });
});
