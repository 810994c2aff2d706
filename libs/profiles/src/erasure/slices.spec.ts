import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { declaredStatements, type Transaction } from '#libs/platform/database';
import { nodesOf, passedOver, planOf } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

const rows = 20_000;
const [realm, one, other] = [randomUUID(), randomUUID(), randomUUID()];
const tables = {
  event_ids: (whose: string) => `INSERT INTO event_ids (realm_id, user_id, event_id) SELECT ${whose}, n::text FROM generate_series(1, $1::int) n`,
  user_events: (whose: string) => `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) SELECT ${whose}, now(), n::text, 'e' FROM generate_series(1, $1::int) n`,
  account_members: (whose: string) => `INSERT INTO account_members (realm_id, account_id, user_id) SELECT ${whose}, gen_random_uuid() FROM generate_series(1, $1::int) n`,
  segment_members: (whose: string) => `INSERT INTO segment_members (realm_id, segment_id, user_id, user_seq, member) SELECT ${whose}, gen_random_uuid(), n, true FROM generate_series(1, $1::int) n`,
};
const whose = { event_ids: 'user_id', user_events: 'user_id', account_members: 'account_id', segment_members: 'segment_id' };

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

/** Many rows of one, which came after Postgres looked: it knows of few, each of somebody else. */
async function suddenly(tx: Transaction, table: keyof typeof tables, known: number): Promise<void> {
  await tx.execute('SET LOCAL session_replication_role = replica'); // what they refer to is not there
  await tx.execute(tables[table]('gen_random_uuid(), gen_random_uuid()'), [known]);
  await tx.execute(`ANALYZE ${table}`);
  await tx.execute(tables[table](`'${realm}'::uuid, '${one}'::uuid`), [rows]);
}

describe('a slice of many rows that Postgres has no statistics of', () => {
  it.each<[statement: string, table: keyof typeof tables, parameters: unknown[]]>([
    ['event_ids.erase', 'event_ids', [realm, [one], 1_000]],
    ['event_ids.move', 'event_ids', [realm, one, other]],
    ['account_members.erase', 'account_members', [realm, [one], 1_000]],
    ['segments.remove_members', 'segment_members', [realm, one, 1_000]],
    ['event_ids.clear-realm', 'event_ids', [realm, 1_000]],
    ['user_events.clear-realm', 'user_events', [realm, 1_000]],
  ])('is taken by %s without looking for each of them in all', async (name, table, parameters) => {
    const { text } = declaredStatements().find((statement) => statement.name === name)!;
    for (const known of [1, 5_000]) {
      await app.database.tryOut(async (tx) => {
        await suddenly(tx, table, known);
        const plan = await planOf(tx, text, parameters);
        expect(passedOver(plan)).toBeLessThanOrEqual(2 * rows);
        // An array of places that is a filter is gone through for each row, of which no plan tells.
        if (text.includes('ctid')) expect(nodesOf(plan).map((node) => node['Node Type'])).toContain('Tid Scan');
        expect(await tx.query(`SELECT count(*)::int AS left FROM ${table} WHERE realm_id = $1 AND ${whose[table]} = $2`, [realm, one])).toEqual([{ left: name === 'event_ids.move' ? 0 : rows - 1_000 }]);
      });
    }
  });
});
