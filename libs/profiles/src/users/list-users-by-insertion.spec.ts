import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';


let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

type Question = Partial<RequestInput<typeof profiles.listUsersByInsertion>>;
const range = (count: number) => [...Array(count).keys()];
const page = (realmId: string, question: Question = {}) => app.call(profiles.listUsersByInsertion, { realmId, limit: 10, ...question });
const uids = ({ users }: Awaited<ReturnType<typeof page>>) => users.map(({ uid }) => uid);

/** Users by the thousand, faster than they could be upserted. */
async function fill(realmId: string, count: number, prefix: string): Promise<void> {
  await app.database.query(
    `INSERT INTO users (realm_id, user_id, external_id, email, created_at, created_by, modified_at, modified_by, version)
     SELECT $1, gen_random_uuid(), $3 || n, $3 || n || '@example.com', now() - n * interval '1 day', 'spec', now(), 'spec', 1 FROM generate_series(1, $2::int) n`,
    [realmId, count, prefix],
  );
}

/** Uids of all pages from one end to the other; `meanwhile` runs after each. */
async function walk(realmId: string, way: 'after' | 'before', start: string | null, limit: number, meanwhile: (turn: number) => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  let cursor = start;
  for (let turn = 0; turn === 0 || cursor !== null; turn += 1) {
    const found = await page(realmId, { limit, ...(cursor === null ? {} : { [way]: cursor }) });
    seen.push(...(way === 'after' ? uids(found) : uids(found).reverse()));
    cursor = way === 'after' ? found.nextCursor : found.previousCursor;
    await meanwhile(turn);
  }
  return seen;
}

describe('the list of users', () => {
  it('is empty where there is nobody', async () => {
    expect(await page(uuidv7())).toEqual({ users: [], nextCursor: null, previousCursor: null });
  });

  it('shows who came last first, whatever their created_at says, each as reading one shows them', async () => {
    const realm = uuidv7();
    for (const n of range(3)) await app.upsert(realm, `u${n}`, { createdAt: `200${n}-01-01T00:00:00.000Z`, attributes: { n } });
    await app.upsert(realm, 'u0', { firstName: 'changed' });
    const { users } = await page(realm);
    expect(users).toEqual([await app.get(realm, 'u2'), await app.get(realm, 'u1'), await app.get(realm, 'u0')]);
  });

  it('has no previous cursor on its first page and no next on its last, and goes back over the same pages', async () => {
    const realm = uuidv7();
    await fill(realm, 30, 'u');
    const forth = [await page(realm)];
    while (forth.at(-1)!.nextCursor !== null) forth.push(await page(realm, { after: forth.at(-1)!.nextCursor! }));
    expect(forth.map(({ users }) => users.length)).toEqual([10, 10, 10]);
    expect(forth.map(({ previousCursor }) => previousCursor !== null)).toEqual([false, true, true]);
    const back = [forth.at(-1)!];
    while (back[0]!.previousCursor !== null) back.unshift(await page(realm, { before: back[0]!.previousCursor }));
    expect(back).toEqual(forth);
  });

  it('misses none of 10,000 who stay and shows none twice, both ways, while others come and go', async () => {
    const realm = uuidv7();
    await fill(realm, 10_000, 'stays');
    await fill(realm, 400, 'goes');
    await fill(realm, 200, 'stayed-last');
    let turns = 0;
    const comeAndGo = async () => {
      turns += 1;
      await app.upsert(realm, `came${turns}`);
      await app.database.query('DELETE FROM users WHERE realm_id = $1 AND external_id = $2', [realm, `goes${turns}`]);
      await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: `goes${turns + 200}` }], requestedBy: 'spec' });
    };
    const staying = new Set([...range(10_000).map((n) => `stays${n + 1}`), ...range(200).map((n) => `stayed-last${n + 1}`)]);

    const forth = await walk(realm, 'after', null, 100, comeAndGo);
    expect(new Set(forth).size).toBe(forth.length);
    expect(forth.filter((uid) => staying.has(uid))).toHaveLength(staying.size);

    // From the far end back.
    let last = await page(realm, { limit: 100 });
    while (last.nextCursor !== null) last = await page(realm, { limit: 100, after: last.nextCursor });
    const back = [...uids(last).reverse(), ...(await walk(realm, 'before', last.previousCursor, 100, comeAndGo))];
    expect(new Set(back).size).toBe(back.length);
    expect(back.filter((uid) => staying.has(uid))).toEqual([...forth.filter((uid) => staying.has(uid))].reverse());
  });

  it('goes on in either direction from where everybody of a page is gone', async () => {
    const realm = uuidv7();
    await fill(realm, 30, 'u');
    const first = await page(realm);
    const second = await page(realm, { after: first.nextCursor! });
    await app.database.query('DELETE FROM users WHERE realm_id = $1 AND external_id = ANY ($2)', [realm, range(20).map((n) => `u${n + 1}`)]);
    const beyond = await page(realm, { after: first.nextCursor! });
    expect(beyond).toMatchObject({ users: [], nextCursor: null });
    expect(uids(await page(realm, { before: beyond.previousCursor! }))).toEqual(uids(first));
    expect(uids(await page(realm, { before: second.previousCursor! }))).toEqual(uids(first));
  });

  it('can be of one email, in any case', async () => {
    const realm = uuidv7();
    await fill(realm, 20, 'other');
    for (const n of range(5)) await app.upsert(realm, `u${n}`, { email: n % 2 === 0 ? 'shared@example.com' : 'Shared@Example.com' });
    await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: 'u3' }], requestedBy: 'spec' });
    const first = await page(realm, { email: 'SHARED@example.com', limit: 2 });
    expect([uids(first), first.previousCursor]).toEqual([['u4', 'u2'], null]);
    const second = await page(realm, { email: 'shared@example.com', limit: 2, after: first.nextCursor! });
    expect([uids(second), second.nextCursor]).toEqual([['u1', 'u0'], null]);
    expect(uids(await page(realm, { email: 'shared@example.com', limit: 2, before: second.previousCursor! }))).toEqual(['u4', 'u2']);
    expect(uids(await page(realm, { email: 'nobody@example.com' }))).toEqual([]);
    expect(uids(await page(realm, { email: 'a\0' }))).toEqual([]);
  });

  it('refuses a cursor of another list or direction, or one that was changed', async () => {
    const realm = uuidv7();
    await fill(realm, 30, 'u');
    const cursor = (await page(realm)).nextCursor!;
    const other = uuidv7();
    await fill(other, 1, 'u');
    const changed = (at: number) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    const questions: [string, Question][] = [[other, { after: cursor }], [realm, { before: cursor }], [realm, { after: cursor, email: 'u1@example.com' }], [realm, { after: '' }], [realm, { after: 'x' }], [realm, { after: `${cursor}A` }], ...range(cursor.length).map((at): [string, Question] => [realm, { after: changed(at) }])];
    for (const [realmId, question] of questions) {
      expect(await app.failure(profiles.listUsersByInsertion, { realmId, limit: 10, ...question })).toMatchObject({ kind: 'invalid', code: 'invalid-cursor' });
    }
  });

  it('is read by its index, from the place on, first page or last', async () => {
    const realm = uuidv7();
    await fill(realm, 5_000, 'u');
    await app.database.query('ANALYZE users');
    for (const condition of ['u.seq < 9007199254740991', `u.seq < (SELECT seq FROM users WHERE realm_id = '${realm}' AND external_id = 'u20')`]) {
      const plan = await app.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) SELECT u.seq FROM users u WHERE u.realm_id = '${realm}' AND ${condition} AND u.hidden_by IS NULL ORDER BY u.seq DESC LIMIT 11`);
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain('users_seq_idx');
      expect(text).not.toContain('Sort');
    }
  });
});
