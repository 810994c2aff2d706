import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});

const range = (count: number) => [...Array(count).keys()];
const item = (uid: string, event: Partial<profiles.TrackedEvent> = {}) => ({ user: { uid }, event: { id: uuidv7(), event: 'Paid', value: null, properties: {}, ...event } });
const batch = (realmId: string, events: ReturnType<typeof item>[], side = app) => side.call(profiles.trackEvents, { realmId, events });

async function stored(realmId: string): Promise<number> {
  const [row] = await app.database.query<{ events: number }>('SELECT count(*) AS events FROM user_events WHERE realm_id = $1', [realmId]);
  return row!.events;
}

describe('a batch of events', () => {
  it('stores the good ones though others are bad, and says of each what became of it', async () => {
    const realm = uuidv7();
    for (const n of range(10)) await app.upsert(realm, `u${n}`);
    await app.upsert(realm, 'gone');
    await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: 'gone' }], requestedBy: 'spec' });
    const events = range(1_000).map((n) => item(`u${n % 10}`));
    events[3] = item('nobody');
    events[500] = item('gone');
    events[999] = item('u1', { properties: { nul: '\0' } });
    const { results } = await batch(realm, events);
    expect(results).toHaveLength(1_000);
    results.forEach((result, place) => {
      if (place === 3) expect(result).toMatchObject({ failure: { code: 'user-not-found' } });
      else if (place === 500) expect(result).toMatchObject({ failure: { code: 'user-erased' } });
      else if (place === 999) expect(result).toMatchObject({ failure: { code: 'invalid-event', details: [{ path: 'properties.nul' }] } });
      else expect(result).toEqual({ stored: 'now' });
    });
    expect(await stored(realm)).toBe(997);
  });

  it('and single calls, at once and from two processes, store an id once', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    const ids = range(50).map((n) => `e${n}`);
    const sides = [app, replica];
    const batches = range(5).map((n) => batch(realm, [...ids, ...ids].map((id) => item('u', { id })), sides[n % 2]));
    const singles = range(5).flatMap((n) => ids.map((id) => sides[n % 2]!.track(realm, 'u', { id })));
    const answers = [...(await Promise.all(batches)).flatMap(({ results }) => results), ...(await Promise.all(singles))];
    expect(answers.filter((answer) => 'stored' in answer && answer.stored === 'now')).toHaveLength(50);
    expect(answers.filter((answer) => 'failure' in answer)).toEqual([]);
    expect(await stored(realm)).toBe(50);
  });

  it('keeps its order in the time line', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u');
    await batch(realm, range(600).map((n) => item('u', { value: n, timestamp: '2025-01-01T00:00:00.000Z' })));
    const { events } = await app.call(profiles.listEvents, { realmId: realm, user: { uid: 'u' }, limit: 100 });
    expect(events.map(({ value }) => value)).toEqual(range(600).reverse().slice(0, 100));
  });
});
