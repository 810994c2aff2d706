import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Database } from '#libs/platform/database';
import { testDatabase } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { AttemptsRepository, begin, inFlight } from './attempts.repository.js';

interface Plan {
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

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
    /** Rows that were looked at in vain. */
    const passedOver = async (text: string, parameters: unknown[]) => {
      const [explained] = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, parameters);
      return nodes(explained!['QUERY PLAN'][0].Plan).reduce((total, node) => total + (node['Rows Removed by Filter'] ?? 0), 0);
    };
    const begun = await database.withTransaction((tx) => attempts.begin(tx, { projectId, webhookId }, 10, 60));
    expect(begun.map(({ position }) => position).sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, place) => sent + 1 + place));
    expect(await database.withTransaction((tx) => attempts.inFlight(tx, { projectId, webhookId }))).toBe(10);
    // Those that are under way.
    expect(await passedOver(begin.text, [projectId, webhookId, 10, 60])).toBeLessThan(20);
    expect(await passedOver(inFlight.text, [projectId, webhookId])).toBe(0);
  });
});
