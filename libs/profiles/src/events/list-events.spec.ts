import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
const realm = uuidv7();
beforeAll(async () => {
  app = await profilesUnderTest();
});

const range = (count: number) => [...Array(count).keys()];
const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString();

type Question = Partial<RequestInput<typeof profiles.listEvents>>;

function page(uid: string, question: Question = {}) {
  return app.call(profiles.listEvents, { realmId: realm, user: { uid }, limit: 10, ...question });
}

/** Ids of all pages; `meanwhile` runs after each. */
async function walk(uid: string, question: Question = {}, meanwhile: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { events, nextCursor } = await page(uid, { ...question, cursor });
    ids.push(...events.map(({ id }) => id));
    cursor = nextCursor ?? undefined;
    await meanwhile();
  } while (cursor !== undefined);
  return ids;
}

describe('a time line', () => {
  it('is empty of a user who did nothing, and unknown of nobody', async () => {
    await app.upsert(realm, 'idle');
    expect(await page('idle')).toEqual({ events: [], nextCursor: null });
    expect(await app.failure(profiles.listEvents, { realmId: realm, user: { uid: 'nobody' }, limit: 10 })).toMatchObject({ code: 'user-not-found' });
  });

  it('shows every event once, newest first, while others arrive', async () => {
    await app.upsert(realm, 'busy');
    // Three of each day over half a year: pages end within a day, and days lie in several partitions.
    await Promise.all(range(180).map((n) => app.track(realm, 'busy', { id: `e${n}`, timestamp: day(Math.floor(n / 3) * 3) })));
    let late = 0;
    const ids = await walk('busy', { limit: 7 }, () => Promise.all([
      app.track(realm, 'busy', { id: `new${(late += 1)}` }),
      app.track(realm, 'busy', { id: `past${late}`, timestamp: day(late * 7) }),
    ]));
    const first = ids.filter((id) => id.startsWith('e'));
    expect(first.map((id) => Number(id.slice(1)) / 3 | 0)).toEqual(range(180).map((n) => n / 3 | 0).reverse());
    expect(new Set(first).size).toBe(180);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('filters by name, from a time on, and up to another', async () => {
    await app.upsert(realm, 'filtered');
    await Promise.all(range(40).map((n) => app.track(realm, 'filtered', { id: `e${n}`, event: n % 2 === 0 ? 'even' : 'odd', timestamp: day(n) })));
    expect(await walk('filtered', { event: 'even', limit: 3 })).toEqual(range(20).map((n) => `e${38 - n * 2}`));
    expect(await walk('filtered', { from: day(10), to: day(13) })).toEqual(['e12', 'e11', 'e10']);
    expect(await walk('filtered', { from: day(30), event: 'odd', limit: 2 })).toEqual(['e39', 'e37', 'e35', 'e33', 'e31']);
    expect(await walk('filtered', { from: '0000-01-01T00:00:00Z', to: day(1) })).toEqual(['e0']);
    expect(await walk('filtered', { event: 'a\0b' })).toEqual([]);
  });

  it('ends without a cursor, also when the last page is full', async () => {
    await app.upsert(realm, 'full');
    await Promise.all(range(10).map((n) => app.track(realm, 'full', { id: `e${n}` })));
    expect((await page('full')).nextCursor).toBeNull();
  });

  it('refuses a cursor that was given for another question, or changed', async () => {
    await app.upsert(realm, 'cursor');
    await app.upsert(realm, 'other');
    await Promise.all(range(12).flatMap((n) => [app.track(realm, 'cursor', { id: `e${n}` }), app.track(realm, 'other', { id: `e${n}` })]));
    const cursor = (await page('cursor')).nextCursor!;
    expect((await page('cursor', { cursor })).events).toHaveLength(2);
    const changed = (at: number) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    const questions: Question[] = [
      { user: { uid: 'other' }, cursor }, { event: 'Paid', cursor }, { from: day(0), cursor }, { to: day(900), cursor },
      ...range(cursor.length).map((at) => ({ cursor: changed(at) })), { cursor: '' }, { cursor: 'x' }, { cursor: `${cursor}=` }, { cursor: `${cursor}A` }, { cursor: '%' },
    ];
    for (const question of questions) {
      expect(await app.failure(profiles.listEvents, { realmId: realm, user: { uid: 'cursor' }, limit: 10, ...question })).toMatchObject({ kind: 'invalid', code: 'invalid-cursor' });
    }
  });
});

describe('a count by days', () => {
  const count = (uid: string, from: string, to: string) => app.call(profiles.countEventsByDay, { realmId: realm, user: { uid }, from, to });

  it('tells how often a user did what on which day of UTC, and leaves out days of rest', async () => {
    await app.upsert(realm, 'counted');
    await app.upsert(realm, 'other');
    const done = [['A', '2026-03-01T23:59:59.999Z'], ['A', '2026-03-02T00:00:00.000Z'], ['A', '2026-03-02T12:00:00.000Z'], ['B', '2026-03-02T12:00:00.000Z'], ['A', '2026-03-05T00:00:00.000Z']] as const;
    for (const [index, [event, timestamp]] of done.entries()) await app.track(realm, 'counted', { id: `c${index}`, event, timestamp });
    await app.track(realm, 'other', { id: 'c0', event: 'A', timestamp: '2026-03-02T12:00:00.000Z' });
    expect(await count('counted', '2026-03-01T00:00:00.000Z', '2026-03-05T00:00:00.000Z')).toEqual({
      days: [{ day: '2026-03-01', event: 'A', count: 1 }, { day: '2026-03-02', event: 'A', count: 2 }, { day: '2026-03-02', event: 'B', count: 1 }],
    });
    expect(await count('counted', '2020-01-01T00:00:00.000Z', '2020-02-01T00:00:00.000Z')).toEqual({ days: [] });
    expect(await app.failure(profiles.countEventsByDay, { realmId: realm, user: { uid: 'nobody' }, from: day(0), to: day(1) })).toMatchObject({ code: 'user-not-found' });
  });

  it('tells the most frequent names apart, and all others together', async () => {
    await app.upsert(realm, 'many-names');
    for (const n of range(profiles.mostCountedEvents + 3)) {
      for (const times of range(n < profiles.mostCountedEvents ? 2 : 1)) await app.track(realm, 'many-names', { id: `n${n}-${times}`, event: `name ${String(n).padStart(2, '0')}`, timestamp: '2026-03-02T12:00:00.000Z' });
    }
    const { days } = await count('many-names', '2026-03-01T00:00:00.000Z', '2026-03-05T00:00:00.000Z');
    expect(days).toHaveLength(profiles.mostCountedEvents + 1);
    expect(days.at(-1)).toEqual({ day: '2026-03-02', event: null, count: 3 });
  });
});
