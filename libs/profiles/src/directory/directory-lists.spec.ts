import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { indexScans, nodesOf, plannedAnew, planOf, plansOf, testDatabaseUrl } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { ProjectListsRepository } from '../project-lists/project-lists.repository.js';
import { UserListsRepository } from '../users/user-lists.repository.js';
import { UserPagesRepository } from '../users/user-pages.repository.js';
import { containing, countUsers, searchText, sortKeys, type SortKey } from './directory-lists.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const search = async (realmId: string, text: string) =>
  (await app.database.query<{ uid: string }>(`SELECT u.external_id AS uid FROM directory d JOIN users u USING (realm_id, user_id) WHERE d.realm_id = $1 AND NOT d.hidden AND ${searchText} LIKE lower($2) ORDER BY 1`, [realmId, containing(text)])).map(({ uid }) => uid);
const sorted = async (realmId: string, by: SortKey) =>
  (await app.database.query<{ uid: string }>(`SELECT u.external_id AS uid FROM directory d JOIN users u USING (realm_id, user_id) WHERE d.realm_id = $1 AND NOT d.hidden ORDER BY ${sortKeys[by]}, d.seq`, [realmId])).map(({ uid }) => uid);
const count = async (realmId: string) => (await app.database.query<{ count: number }>(countUsers, [realmId]))[0]!.count;
const hide = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });

describe('the directory', () => {
  const realmId = uuidv7();

  it('finds users by any part of their names, their email and user name, in any case, and follows every change', async () => {
    const { userId } = (await app.upsert(realmId, 'ada', { firstName: 'Ada', lastName: 'Lovelace', email: 'Countess@Example.com' })).user;
    await app.upsert(realmId, 'oz', { displayName: 'Öz Ünal', email: '100%_sure@example.com' });
    await app.upsert(uuidv7(), 'foreign', { displayName: 'Ada Elsewhere' });
    for (const text of ['ADA', 'a lov', 'lace', 'countess@', 'Ada Lovelace']) expect(await search(realmId, text)).toEqual(['ada']);
    for (const text of ['öZ ü', 'ÜNAL', 'z', '%_s']) expect(await search(realmId, text)).toEqual(['oz']);
    for (const text of ['a%e', 'nobody', 'lovelace countess', '\\']) expect(await search(realmId, text)).toEqual([]);
    await app.call(profiles.applyLoginState, { realmId, users: [{ userId, version: 1, userName: 'Enchantress', loginEmail: 'ada@login.example', isActive: false, canLogIn: true }] });
    expect(await search(realmId, 'enchant')).toEqual(['ada']);
    expect(await search(realmId, 'login.EX')).toEqual(['ada']);
    expect(await search(realmId, 'countess')).toEqual([]);
    await app.upsert(realmId, 'ada', { firstName: 'Augusta' });
    expect(await search(realmId, 'gusta love')).toEqual(['ada']);
    await hide(realmId, 'oz');
    expect(await search(realmId, 'ünal')).toEqual([]);
  });

  it('sorts without regard to case and accents, those without a value first', async () => {
    const realm = uuidv7();
    for (const [uid, lastName] of [['1', 'Zorn'], ['2', 'ärger'], ['3', null], ['4', 'Berg'], ['5', 'Ärger']] as const) await app.upsert(realm, uid, { lastName, phone: uid === '4' ? '1' : null });
    expect(await sorted(realm, 'lastName')).toEqual(['3', '2', '5', '4', '1']);
    expect(await sorted(realm, 'phone')).toEqual(['1', '2', '3', '5', '4']);
    expect(await sorted(realm, 'userName')).toEqual(['1', '2', '3', '4', '5']);
    await app.upsert(realm, '1', { lastName: 'Aal' });
    expect(await sorted(realm, 'name')).toEqual(['3', '1', '2', '5', '4']);
  });

  it('knows how many users there are, whoever comes and goes at once', async () => {
    const realm = uuidv7();
    expect(await count(realm)).toBe(0);
    const other = await profilesUnderTest(app.serverUrl);
    await Promise.all([...Array(40).keys()].flatMap((n) => [app.upsert(realm, `a${n}`), other.upsert(realm, `b${n % 10}`), app.upsert(realm, `b${n % 10}`)]));
    expect(await count(realm)).toBe(50);
    await Promise.all([...Array(10).keys()].flatMap((n) => [hide(realm, `a${n}`), other.upsert(realm, `c${n}`), app.call(profiles.mergeUsers, { realmId: realm, source: { uid: `b${n}` }, destination: { uid: 'a39' }, erasureId: uuidv7(), actor: systemActor })]));
    const [hidden] = await app.database.query<{ ids: string[]; shown: number }>('SELECT array_agg(user_id) FILTER (WHERE hidden_by IS NOT NULL) AS ids, count(*) FILTER (WHERE hidden_by IS NULL) AS shown FROM users WHERE realm_id = $1', [realm]);
    expect([hidden!.shown, await count(realm)]).toEqual([40, 40]);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: hidden!.ids });
    expect(await count(realm)).toBe(40);
  });
});

describe('a list of 20,000 users', () => {
  const realmId = uuidv7();
  beforeAll(async () => {
    for (const realm of [realmId, uuidv7()]) {
      await app.database.execute(
        `INSERT INTO users (realm_id, user_id, external_id, first_name, last_name, email, phone, created_at, created_by, modified_at, modified_by, version)
         SELECT $1, gen_random_uuid(), n::text, 'First' || n * 7919 % 20000, 'Last' || n * 104729 % 20000, 'user' || n || '@example.com', n, now(), 'x', now(), 'x', 1 FROM generate_series(1, 20000) n`,
        [realm],
      );
    }
    for (const table of ['directory', 'users']) await app.database.query(`VACUUM ANALYZE ${table}`);
  });

  it.each(Object.keys(sortKeys) as SortKey[])('sorted by %s goes by its index alone, as far as page 400', async (by) => {
    for (const direction of ['', 'DESC'] as const) {
      const plan = await planOf(app.database, `SELECT d.seq FROM directory d WHERE d.realm_id = $1 AND NOT d.hidden ORDER BY ${sortKeys[by]} ${direction}, d.seq ${direction} OFFSET 10000 LIMIT 25`, [realmId]);
      expect(indexScans(plan)).toEqual([expect.stringMatching(/^directory_.*_idx$/)]);
      // The user name's key is an expression: its scan looks into the table too.
      if (by !== 'userName') expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(400);
      expect(nodesOf(plan).map((node) => node['Node Type']).filter((type) => type.includes('Sort'))).toEqual([]);
    }
  });

  it.each(['user19999@', 'first7919 ', 'LAST4729', 'r1999'])('searched for %s reads what it finds, by the index', async (text) => {
    const plan = await planOf(app.database, `SELECT count(*) FROM directory d WHERE d.realm_id = $1 AND NOT d.hidden AND ${searchText} LIKE lower($2)`, [realmId, containing(text)]);
    expect(indexScans(plan)).toEqual(['directory_search_idx']);
  });

  it('of a project, filtered by an email, looks at whom it finds, whatever it is sorted by', async () => {
    for (const field of ['createdAt', 'lastName'] as const) {
      let asked: [string, readonly unknown[]] = ['', []];
      const database = { query: async (text: string, parameters: readonly unknown[]) => ((asked = [text, parameters]), [{ count: 0, page: [] }]) } as unknown as Queryable;
      const where = { filters: [{ field: 'email', operator: 'eq', value: 'user19999@example.com' } as const] };
      await new ProjectListsRepository().page(database, { realmId, staff: [], where }, { sort: { field, descending: true }, offset: 0, limit: 25 });
      const plan = await planOf(app.database, ...asked);
      expect(indexScans(plan)).toContain('users_email_idx');
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(100);
    }
  });

  it('is paged without being planned each time, and looks at its page', async () => {
    const some = await app.database.query<{ userId: string }>('SELECT user_id AS "userId" FROM users WHERE realm_id = $1 AND external_id = ANY ($2)', [realmId, ['1', '777', '20000']]);
    const query = { realmId, staff: [{ userId: some[0]!.userId, roles: ['viewer'] }], where: { filters: [] } };
    const reads: ((on: Queryable) => Promise<unknown>)[] = [
      (on) => new UserPagesRepository().newest(on, realmId, undefined, 51),
      (on) => new UserPagesRepository().byIds(on, realmId, some.map(({ userId }) => userId)),
      (on) => new UserListsRepository().list(on, realmId, { direction: 'older', seq: 30_000 }, 51, undefined),
      (on) => new UserListsRepository().list(on, realmId, { direction: 'newer', seq: 1 }, 51, 'user19999@example.com'),
      (on) => new ProjectListsRepository().count(on, query),
      (on) => new ProjectListsRepository().page(on, query, { sort: { field: 'createdAt', descending: true }, offset: 0, limit: 51 }),
      (on) => new ProjectListsRepository().page(on, query, { sort: { field: 'lastName', descending: false }, offset: 100, limit: 51 }),
    ];
    for (const read of reads) {
      expect(await plannedAnew(app.database, read)).toEqual([]);
      for (const plan of await plansOf(app.database, read)) expect(Math.max(...nodesOf(plan).map((node) => node['Actual Rows']))).toBeLessThanOrEqual(151);
    }
  });

  it('is counted without being read', async () => {
    expect(await count(realmId)).toBe(20_000);
    expect(indexScans(await planOf(app.database, countUsers.text, [realmId]))).toEqual(['user_counts_pkey']);
  });
});

describe('a database whose locale knows no letters outside ASCII', () => {
  it('is refused at the start, in one sentence', async () => {
    const url = await testDatabaseUrl();
    const name = `${new URL(url).pathname.slice(1)}_profiles`;
    const maintenance = new URL(url);
    maintenance.pathname = '/postgres';
    const client = new pg.Client({ connectionString: maintenance.toString() });
    await client.connect();
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'`);
    await client.end();
    await expect(profilesUnderTest(url)).rejects.toThrow(`The database ${name} has a locale that knows no letters outside ASCII`);
  });
});
