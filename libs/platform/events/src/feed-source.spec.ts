import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/platform/database';
import { rowsPassedOver, testDatabase } from '#libs/platform/testing';
import { eventsMigrations } from './database/tables.js';
import { feedSource, settle } from './feed-source.js';

describe('events of an outbox that feeds are far behind', () => {
  let database: Database;
  beforeAll(async () => {
    ({ database } = await testDatabase('outbox', { migrations: eventsMigrations }));
    const insert = (fed: boolean) => database.execute(`INSERT INTO outbox (id, type, data, request_id, fed_at) SELECT gen_random_uuid(), 't', '{}', 'r', CASE WHEN $1 THEN now() END FROM generate_series(1, 3000)`, [fed]);
    await insert(true);
    // Statistics of a time when the feeds had everything.
    await database.execute('ANALYZE outbox');
    await insert(false);
  });

  it('are settled without looking at those that wait behind them', async () => {
    const { events, more } = await feedSource.pending(database, 50);
    expect(more).toBe(true);
    const ids = events.map(({ id }) => id);
    expect(await rowsPassedOver(database, settle, [ids])).toBe(0);
    expect(await database.query('SELECT count(*)::integer AS left FROM outbox WHERE fed_at IS NULL')).toEqual([{ left: 2_950 }]);
    // Again is harmless.
    await feedSource.settle(database, ids);
    const next = await feedSource.pending(database, 50);
    expect(next.events).toHaveLength(50);
    expect(next.events.filter(({ id }) => ids.includes(id))).toEqual([]);
  });
});
