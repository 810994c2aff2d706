import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Database } from '#libs/platform/database';
import { rowsLookedAt, rowsPassedOver, testDatabase } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { AttemptsRepository, begin, delivered, due, inFlight, putBack, refused } from './attempts.repository.js';

describe('attempts at deliveries of a webhook whose receiver was away for long', () => {
  const [projectId, webhookId] = [newId(), newId()];
  const attempts = new AttemptsRepository();
  const [sent, waiting, subjects] = [5_000, 5_000, 2_000];
  let database: Database;

  beforeAll(async () => {
    ({ database } = await testDatabase('operations', { migrations }));
    await database.execute(`INSERT INTO webhooks (project_id, webhook_id, url, secret, position) VALUES ($1, $2, 'https://example.com', '', 0)`, [projectId, webhookId]);
    await database.execute(
      `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at, state, finished_at)
       SELECT $1, $2, gen_random_uuid(), n, n::text, 't', (n % $5::integer)::text, now() + interval '3 days', CASE WHEN n <= $3::integer THEN 'delivered' ELSE 'pending' END, CASE WHEN n <= $3::integer THEN now() END FROM generate_series(1, $3::integer + $4::integer) n`,
      [projectId, webhookId, sent, waiting, subjects],
    );
    await database.execute('ANALYZE webhook_deliveries');
  });

  it('begin with the first that wait, and look neither at what was sent before nor at what waits behind them', async () => {
    const begun = await database.withTransaction((tx) => attempts.begin(tx, { projectId, webhookId }, 10, 60));
    expect(begun.map(({ position }) => position).sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, place) => sent + 1 + place));
    expect(await database.withTransaction((tx) => attempts.inFlight(tx, { projectId, webhookId }))).toBe(10);
    // Those that are under way.
    expect(await rowsPassedOver(database, begin, [projectId, webhookId, 10, 60])).toBeLessThan(20);
    expect(await rowsPassedOver(database, inFlight, [projectId, webhookId])).toBe(0);
  });

  it('end without a look at the others, also by statistics of a time when nothing waited', async () => {
    const anotherId = newId();
    await database.execute(`INSERT INTO webhooks (project_id, webhook_id, url, secret, position) VALUES ($1, $2, 'https://example.com', '', 0)`, [projectId, anotherId]);
    await database.execute(`UPDATE webhook_deliveries SET state = 'delivered', finished_at = now()`);
    await database.execute('VACUUM ANALYZE webhook_deliveries');
    await database.execute(
      `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at)
       SELECT $1, $2, gen_random_uuid(), n, n::text, 't', n::text, now() + interval '3 days' FROM generate_series(1, 3000) n`,
      [projectId, anotherId],
    );
    const [first, second, third] = await database.withTransaction((tx) => attempts.begin(tx, { projectId, webhookId: anotherId }, 3, 60));
    const key = ({ deliveryId, position, attempt }: NonNullable<typeof first>) => [projectId, anotherId, deliveryId, position, attempt];
    expect(await rowsPassedOver(database, delivered, [...key(first!), 200])).toBe(0);
    expect(await rowsPassedOver(database, refused, [...key(second!), 500, 'status', 5, false, 0])).toBe(0);
    expect(await rowsPassedOver(database, putBack, [...key(third!), 5])).toBe(0);
    expect(await database.query(`SELECT state, attempts, count(*)::integer FROM webhook_deliveries WHERE webhook_id = $1 AND (attempts > 0 OR position < 4) GROUP BY 1, 2 ORDER BY 1, 2`, [anotherId])).toEqual([
      { state: 'delivered', attempts: 1, count: 1 },
      { state: 'pending', attempts: 0, count: 1 },
      { state: 'pending', attempts: 1, count: 1 },
    ]);
  });
});

describe('attempts by statistics of a time when each webhook had one delivery', () => {
  it('begin with the first that wait, and are found to be due, without a look at what waits behind them', async () => {
    const { database } = await testDatabase('operations', { migrations });
    const [projectId, webhookId] = [newId(), newId()];
    await database.execute('ALTER TABLE webhook_deliveries SET (autovacuum_enabled = false)');
    const fill = async (webhook: string, count: number) =>
      database.execute(
        `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at)
         SELECT project_id, webhook_id, gen_random_uuid(), n, n::text, 't', (n % 500)::text, now() + interval '3 days' FROM webhooks, generate_series(1, $1::integer) n WHERE ${webhook}`,
        [count],
      );
    await database.execute(`INSERT INTO webhooks (project_id, webhook_id, url, secret, position) SELECT gen_random_uuid(), gen_random_uuid(), 'https://example.com', '', 0 FROM generate_series(1, 2000)`);
    await fill('true', 1);
    await database.execute('ANALYZE');
    await database.execute(`INSERT INTO webhooks (project_id, webhook_id, url, secret, position) VALUES ($1, $2, 'https://example.com', '', 0)`, [projectId, webhookId]);
    await fill(`webhook_id = '${webhookId}'`, 20_000);
    const begun = await rowsLookedAt(database, begin.text, [projectId, webhookId, 10, 60]);
    expect(Math.max(begun.custom, begun.generic)).toBeLessThan(200);
    const found = await rowsLookedAt(database, due.text, []);
    expect(Math.max(found.custom, found.generic)).toBeLessThan(8_000); // each of the webhooks, and one of what waits for it
  });
});

describe('webhooks that something is due to', () => {
  it('are all found in the end, also when they are more than one look finds', async () => {
    const { database } = await testDatabase('operations', { migrations });
    const attempts = new AttemptsRepository();
    await database.execute(`INSERT INTO webhooks (project_id, webhook_id, url, secret, position) SELECT $1, gen_random_uuid(), 'https://example.com', '', 0 FROM generate_series(1, 600)`, [newId()]);
    await database.execute(
      `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at)
       SELECT project_id, webhook_id, gen_random_uuid(), 1, '1', 't', 's', now() + interval '3 days' FROM webhooks`,
    );
    const found = new Set<string>();
    for (let look = 0; look < 12; look += 1) {
      const some = await attempts.due(database);
      expect(some).toHaveLength(500);
      for (const { webhookId } of some) found.add(webhookId);
    }
    expect(found.size).toBe(600);
  });
});
