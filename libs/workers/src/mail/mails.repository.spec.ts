import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Database } from '#libs/platform/database';
import { rowsLookedAt, rowsPassedOver, testDatabase } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { begin, MailsRepository, refused, remove, sent } from './mails.repository.js';

describe('attempts at mails while thousands wait', () => {
  const realmId = newId();
  const mails = new MailsRepository();
  let database: Database;

  beforeAll(async () => {
    ({ database } = await testDatabase('operations', { migrations }));
    const insert = (state: string) => database.execute(
      `INSERT INTO mails (realm_id, mail_id, owner, template, requested_at, request_id, state, finished_at)
       SELECT $1, gen_random_uuid(), 'identity', 't', now() - interval '1 hour', 'r', $2::text, CASE $2::text WHEN 'sent' THEN now() END FROM generate_series(1, 3000)`,
      [realmId, state],
    );
    await insert('sent');
    // Statistics of a time when nothing waited.
    await database.execute('ANALYZE mails');
    await insert('queued');
  });

  it('look at no mails but their own', async () => {
    const waiting = await mails.listWaiting(database, 20);
    expect(waiting).toHaveLength(20);
    const keys = waiting.map(({ mailId }) => ({ realmId, mailId }));
    expect(await rowsPassedOver(database, begin, [keys.map(() => realmId), keys.map(({ mailId }) => mailId), keys.map(() => null), 60])).toBe(0);
    const begun = await mails.get(database, keys);
    expect(begun.map(({ state, attempts }) => ({ state, attempts }))).toEqual(keys.map(() => ({ state: 'sending', attempts: 1 })));
    const [first, ...others] = begun;
    expect(await rowsPassedOver(database, refused, [realmId, first!.mailId, 1, '550'])).toBe(0);
    expect(await rowsPassedOver(database, sent, [others.map(() => realmId), others.map(({ mailId }) => mailId), others.map(() => 1)])).toBe(0);
    expect((await mails.get(database, keys)).map(({ state }) => state).sort()).toEqual(['failed', ...others.map(() => 'sent')]);
    expect(await mails.listWaiting(database, 3_000)).toHaveLength(2_980);
    const removed = await rowsLookedAt(database, remove.text, [keys.map(() => realmId), keys.map(({ mailId }) => mailId)]);
    expect(Math.max(removed.custom, removed.generic)).toBeLessThan(100);
    expect(await mails.remove(database, keys)).toBe(20);
    expect(await mails.get(database, keys)).toEqual([]);
  });
});
