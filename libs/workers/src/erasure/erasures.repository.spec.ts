import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Database } from '#libs/platform/database';
import { rowsPassedOver, testDatabase } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { begin as beginPart } from './erasure-parts.repository.js';
import { begin, finish, lockUnfinished } from './erasures.repository.js';

describe('an erasure among thousands that are not done', () => {
  const realmId = newId();
  let database: Database;

  beforeAll(async () => {
    ({ database } = await testDatabase('operations', { migrations }));
    const insert = (state: string) => database.execute(
      `INSERT INTO erasures (realm_id, erasure_id, requested_by, requested_at, request_id, state, receipt, finished_at)
       SELECT $1, gen_random_uuid(), 'somebody', now(), 'r', $2::text, CASE $2::text WHEN 'done' THEN '{}'::jsonb END, CASE $2::text WHEN 'done' THEN now() END FROM generate_series(1, 3000)`,
      [realmId, state],
    );
    await insert('done');
    // Statistics of a time when all were done.
    await database.execute('ANALYZE erasures');
    await insert('scheduled');
  });

  it('begins and ends without a look at the others', async () => {
    const [{ erasureId, sequence }] = (await database.query<{ erasureId: string; sequence: number }>(
      `INSERT INTO receipts (sequence, kind, realm_id, erasure_id, hash, document, issued_at, bytes_until)
       SELECT 1, 'erasure', realm_id, erasure_id, '', '', now(), now() FROM erasures WHERE state = 'scheduled' LIMIT 1 RETURNING erasure_id AS "erasureId", sequence`,
    )) as [{ erasureId: string; sequence: number }];
    expect(await rowsPassedOver(database, begin, [realmId, erasureId])).toBe(0);
    expect(await rowsPassedOver(database, beginPart, [realmId, erasureId, 'profiles'])).toBe(0);
    expect(await rowsPassedOver(database, lockUnfinished, [realmId, erasureId])).toBe(0);
    expect(await rowsPassedOver(database, finish, [realmId, erasureId, sequence])).toBe(0);
    expect(await database.query('SELECT state, attempts FROM erasures WHERE erasure_id = $1', [erasureId])).toEqual([{ state: 'done', attempts: 2 }]);
  });
});
