import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#libs/platform/database';
import { testDatabase } from '#libs/platform/testing';
import { eventsEntities, eventsMigrations, readEventGauges, trimInbox, trimOutbox } from './index.js';

const day = 24 * 60 * 60 * 1_000;

describe('the upkeep of event tables', () => {
  let database: Database;

  beforeAll(async () => {
    ({ database } = await testDatabase('kept', { entities: eventsEntities, migrations: eventsMigrations }));
  });

  it('deletes outbox rows that were published more than 7 days ago and are in the feed, and no others', async () => {
    await database.execute(
      `INSERT INTO outbox (id, type, data, request_id, occurred_at, published_at, fed_at) VALUES
       (gen_random_uuid(), 'a.long-published', '{}', 'r', now() - interval '9 days', now() - interval '8 days', now()),
       (gen_random_uuid(), 'a.never-published', '{}', 'r', now() - interval '9 days', NULL, now()),
       (gen_random_uuid(), 'a.never-fed', '{}', 'r', now() - interval '9 days', now() - interval '8 days', NULL),
       (gen_random_uuid(), 'a.late-published', '{}', 'r', now() - interval '9 days', now() - interval '6 days', now())`,
    );
    expect(await trimOutbox(database)).toBe(1);
    expect(await database.query('SELECT type FROM outbox ORDER BY sequence')).toEqual([{ type: 'a.never-published' }, { type: 'a.never-fed' }, { type: 'a.late-published' }]);
    expect(await trimOutbox(database)).toBe(0);
  });

  it('forgets handled events of every consumer after 30 days, and no sooner', async () => {
    const at = (daysAgo: number) => uuidv7({ msecs: Date.now() - daysAgo * day });
    const [old, young] = [at(31), at(29)];
    for (const consumer of ['one', 'two', 'three']) await database.execute('INSERT INTO inbox (consumer, event_id) VALUES ($1, $2), ($1, $3)', [consumer, old, young]);
    expect(await trimInbox(database)).toBe(3);
    expect(await database.query('SELECT DISTINCT event_id AS id FROM inbox')).toEqual([{ id: young }]);
  });

  it('counts what waits to be published, and how long', async () => {
    await database.execute('DELETE FROM outbox');
    expect(await readEventGauges(database)).toEqual({ unpublished: 0, oldestUnpublishedSeconds: 0, deadLetters: 0 });
    await database.execute(`INSERT INTO outbox (id, type, data, request_id, occurred_at) SELECT gen_random_uuid(), 'a.b', '{}', 'r', now() - make_interval(secs => 100 - n) FROM generate_series(1, 3) AS n`);
    const gauges = await readEventGauges(database);
    expect(gauges.unpublished).toBe(3);
    expect(gauges.oldestUnpublishedSeconds).toBeGreaterThanOrEqual(99);
    expect(gauges.oldestUnpublishedSeconds).toBeLessThan(110);
  });
});
