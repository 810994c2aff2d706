import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { beforeAll as beforeTheFirst, newestUsers } from './user-pages.repository.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const range = (count: number) => [...Array(count).keys()];
const page = (realmId: string, question: Partial<RequestInput<typeof profiles.listNewestUsers>> = {}) => app.call(profiles.listNewestUsers, { realmId, limit: 50, ...question });

async function makeMany(realmId: string, count: number): Promise<void> {
  await app.database.execute(
    `INSERT INTO users (realm_id, user_id, external_id, created_at, created_by, modified_at, modified_by, version)
     SELECT $1, gen_random_uuid(), 'u' || n, timestamptz '2030-01-01' - n * interval '1 hour', 'x', now(), 'x', 1 FROM generate_series(0, $2 - 1) n`,
    [realmId, count],
  );
}

/** The uids of all pages; `meanwhile` runs after each. */
async function walk(realmId: string, limit: number, meanwhile: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const uids: string[] = [];
  let cursor: string | undefined;
  do {
    const { users, nextCursor } = await page(realmId, { limit, cursor });
    uids.push(...users.map(({ uid }) => uid));
    cursor = nextCursor ?? undefined;
    await meanwhile();
  } while (cursor !== undefined);
  return uids;
}

describe('the newest users', () => {
  it('are in the order in which they were inserted, whatever their created_at', async () => {
    const realm = uuidv7();
    await makeMany(realm, 25);
    await makeMany(uuidv7(), 5);
    expect(await walk(realm, 7)).toEqual(range(25).reverse().map((n) => `u${n}`));
    expect(await walk(realm, 25)).toHaveLength(25);
    expect((await page(realm, { limit: 25 })).nextCursor).toBeNull();
    expect(await page(uuidv7())).toEqual({ users: [], nextCursor: null, declared: [], marked: [] });
  });

  it('walked while others come and go, miss none that stayed and double none', async () => {
    const realm = uuidv7();
    await makeMany(realm, 10_000);
    let turn = 0;
    const uids = await walk(realm, 100, async () => {
      turn += 1;
      const uid = `u${9_999 - turn * 37}`;
      await Promise.all([
        app.upsert(realm, `late${turn}`, {}),
        app.upsert(realm, `u${turn}`, { createdAt: '2031-01-01T00:00:00.000Z', firstName: 'changed' }),
        app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' }),
      ]);
    });
    expect(new Set(uids).size).toBe(uids.length);
    const gone = new Set(range(turn).map((n) => `u${9_999 - (n + 1) * 37}`));
    const seen = new Set(uids);
    expect(range(10_000).map((n) => `u${n}`).filter((uid) => !gone.has(uid) && !seen.has(uid))).toEqual([]);
  });

  it('refuse a cursor of another project, and one that was changed', async () => {
    const realm = uuidv7();
    await makeMany(realm, 3);
    const cursor = (await page(realm, { limit: 1 })).nextCursor!;
    expect((await page(realm, { cursor })).users.map(({ uid }) => uid)).toEqual(['u1', 'u0']);
    const changed = (cursor.startsWith('A') ? 'B' : 'A') + cursor.slice(1);
    for (const [realmId, other] of [[uuidv7(), cursor], [realm, changed], [realm, `${cursor}A`], [realm, ''], [realm, 'null']] as const) {
      expect(await app.failure(profiles.listNewestUsers, { realmId, limit: 1, cursor: other })).toMatchObject({ kind: 'invalid', code: 'invalid-cursor' });
    }
  });

  it('of a page are found by the index alone, the last as cheaply as the first, among 20,000', async () => {
    const realm = uuidv7();
    await makeMany(realm, 20_000);
    await app.database.query('ANALYZE users');
    const [bounds] = await app.database.query<{ least: number }>('SELECT min(seq) AS least FROM users WHERE realm_id = $1', [realm]);
    for (const before of [beforeTheFirst, bounds!.least + 200]) {
      const [explained] = await app.database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${newestUsers.text}`, [realm, before, 51]);
      const plan = explained!['QUERY PLAN'][0].Plan;
      // Accounts are users too; those of the page are looked up one by one.
      const scans = nodes(plan).filter(({ 'Relation Name': relation, Alias: alias }) => relation === 'users' && alias !== 'account');
      expect(scans.map((node) => [node['Node Type'], node['Index Name'], node['Scan Direction'], node['Actual Rows']])).toEqual([['Index Scan', 'users_seq_idx', 'Backward', 51]]);
      // Per user a few blocks of each index that is looked into; the table itself has hundreds.
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(51 * 16);
    }
  });

  it('with large profiles come in pages that a message can hold, and all of them come', async () => {
    const realm = uuidv7();
    await makeMany(realm, 100);
    await app.database.execute(`UPDATE users SET notes = repeat('ü', 16000), attributes = jsonb_build_object('a', repeat('x', 60000)) WHERE realm_id = $1`, [realm]);
    expect((await page(realm, { limit: 100 })).users.length).toBeLessThan(100);
    expect(await walk(realm, 100)).toEqual(range(100).reverse().map((n) => `u${n}`));
  });
});

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Alias?: string;
  'Index Name'?: string;
  'Scan Direction'?: string;
  'Actual Rows': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}

function nodes(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}
