import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#libs/platform/database';
import { testDatabase } from '#libs/platform/testing';
import { entities } from '../database/entities.js';
import { migrations } from '../database/migrations.js';
import { ensureEventPartitions } from './ensure-event-partitions.js';

const ensure = (database: Database) => database.withTransaction((tx) => ensureEventPartitions((text) => tx.query(text)));

/** `YYYY_MM`, so many months from now. */
function month(ahead: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 7).replace('-', '_');
}

async function partitions(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>(`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'user_events'::regclass ORDER BY 1`);
  return rows.map(({ name }) => name);
}

async function store(database: Database, occurredAt: string): Promise<string> {
  const rows = await database.query<{ partition: string }>(
    `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) VALUES ($1, $1, $2, 'e', 'e') RETURNING tableoid::regclass::text AS partition`,
    [uuidv7(), occurredAt],
  );
  return rows[0]!.partition;
}

describe('the partitions of events', () => {
  it('are there for this month and three more, and for what lies before', async () => {
    const { database } = await testDatabase('profiles', { entities, migrations });
    expect(await partitions(database)).toEqual([...[0, 1, 2, 3].map((ahead) => `user_events_${month(ahead)}`), 'user_events_default', 'user_events_past']);
    expect(await ensure(database)).toEqual([]);
    expect(await store(database, new Date().toISOString())).toBe(`user_events_${month(0)}`);
    expect(await store(database, '1970-01-01T00:00:00Z')).toBe('user_events_past');
  });

  it('are made where they are missing, once, though several try at once; what went elsewhere meanwhile is moved', async () => {
    const { database } = await testDatabase('profiles', { entities, migrations });
    for (const ahead of [1, 2]) await database.query(`DROP TABLE user_events_${month(ahead)}`);
    const time = `${month(1).replace('_', '-')}-15T12:00:00Z`;
    expect(await store(database, time)).toBe('user_events_default');
    const made = await Promise.all([ensure(database), ensure(database), ensure(database)]);
    expect(made.flat()).toEqual([`user_events_${month(1)}`, `user_events_${month(2)}`]);
    expect(await store(database, time)).toBe(`user_events_${month(1)}`);
    const [moved] = await database.query<{ events: number }>(`SELECT count(*) AS events FROM user_events_${month(1)}`);
    expect(moved!.events).toBe(2);
  });

  it('keep no statistics of values, whoever made them', async () => {
    const { database } = await testDatabase('profiles', { entities, migrations });
    await database.query(`DROP TABLE user_events_${month(2)}`);
    await ensure(database);
    await database.query(`INSERT INTO users (realm_id, user_id, external_id, email, first_name, attributes, created_at, created_by, modified_at, modified_by, version)
      SELECT '${uuidv7()}', gen_random_uuid(), 'canary' || n, 'canary' || n, 'canary', '{"a":"canary"}', now(), '', now(), '', 1 FROM generate_series(1, 500) n`);
    await database.query('UPDATE directory d SET user_name = u.external_id FROM users u WHERE u.user_id = d.user_id');
    await database.query(`INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event, value, properties)
      SELECT realm_id, user_id, now() + make_interval(months => n), external_id, 'Paid', '"canary"', '{"a":"canary"}' FROM users, generate_series(-1, 3) n`);
    await database.query(`INSERT INTO event_ids SELECT realm_id, user_id, external_id FROM users`);
    await database.query('ANALYZE');
    const kept = await database.query(`SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public' AND (most_common_vals::text LIKE '%canary%' OR histogram_bounds::text LIKE '%canary%')`);
    expect(kept).toEqual([]);
  });
});
