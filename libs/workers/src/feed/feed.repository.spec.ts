import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import type { Database } from '#libs/platform/database';
import type { DomainEvent } from '#libs/platform/messages';
import { testDatabase } from '#libs/platform/testing';
import { entities } from '../database/entities.js';
import { migrations } from '../database/migrations.js';
import { FeedRepository } from './feed.repository.js';

describe('the feed', () => {
  let database: Database;
  const feed = new FeedRepository();
  beforeAll(async () => {
    ({ database } = await testDatabase('operations', { entities, migrations }));
  });

  const happened = (changes: Partial<DomainEvent> = {}): DomainEvent => ({
    id: uuidv7(),
    type: profiles.eventsTracked.type,
    data: { realmId: uuidv7(), userIds: [] },
    occurredAt: new Date().toISOString(),
    requestId: 'spec',
    ...changes,
  });
  const append = (...events: DomainEvent[]) => database.withTransaction((tx) => Promise.resolve(feed.append(tx, events)));

  it('holds an event once, with its realm', async () => {
    const [inRealm, without] = [happened(), happened({ type: 'identity.credential.revoked', data: { credentialId: uuidv7() } })];
    await append(inRealm);
    await append(inRealm, without);
    const rows = await database.query('SELECT event_id, type, realm_id, data, occurred_at FROM feed WHERE event_id = ANY($1) ORDER BY seq', [[inRealm.id, without.id]]);
    expect(rows).toEqual([
      { event_id: inRealm.id, type: inRealm.type, realm_id: (inRealm.data as { realmId: string }).realmId, data: inRealm.data, occurred_at: inRealm.occurredAt },
      { event_id: without.id, type: without.type, realm_id: null, data: without.data, occurred_at: without.occurredAt },
    ]);
  });

  it('shows a reader every entry although entries come while it reads', async () => {
    const ids = Array.from({ length: 60 }, () => uuidv7());
    const seen: string[] = [];
    let after = (await database.query<{ last: number }>('SELECT coalesce(max(seq), 0)::bigint AS last FROM feed'))[0]!.last;
    let writing = true;
    const readOn = async (): Promise<void> => {
      for (const { seq, id } of await database.query<{ seq: number; id: string }>('SELECT seq, event_id AS id FROM feed WHERE seq > $1 ORDER BY seq', [after])) {
        seen.push(id);
        after = seq;
      }
    };
    const reading = (async () => {
      while (writing) await readOn();
    })();
    // Each holds its transaction open for a while after it was given its number, some longer than those after them.
    await Promise.all(
      ids.map((id, index) =>
        database.withTransaction(async (tx) => {
          feed.append(tx, [happened({ id })]);
          await tx.execute('SELECT pg_sleep($1)', [index % 3 === 0 ? 0.01 : 0]);
        }),
      ),
    );
    writing = false;
    await reading;
    await readOn();
    expect(seen.sort()).toEqual(ids.sort());
  });

  it('keeps what is young and removes what is old, a batch at a time', async () => {
    const { database: own } = await testDatabase('operations', { entities, migrations });
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    for (const days of [40, 35, 31, 29, 0]) await own.withTransaction((tx) => Promise.resolve(feed.append(tx, [happened({ occurredAt: daysAgo(days) })])));
    expect([await feed.trim(own, 30, 2), await feed.trim(own, 30, 2), await feed.trim(own, 30, 2)]).toEqual([2, 1, 0]);
    expect(await own.query('SELECT FROM feed')).toHaveLength(2);
  });
});
