import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { profiles, staffRealmId, type Scalar } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { listSizes } from './project-lists.repository.js';
import { sampling } from './search-samples.js';
import { evaluate, sortedBy, type ListedUser } from './spec-support/in-memory-lists.js';

let app: ProfilesUnderTest;
const realmId = uuidv7();
/** In the order of insertion. */
const everybody: ListedUser[] = [];
const staff: { userId: string; roles: string[] }[] = [];

/** The same numbers in every run (mulberry32). */
let state = 20_240_115;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const some = <T>(values: readonly T[]): T[] => values.filter(() => random() < 0.4);

const names = ['Ada', 'ada', 'ADA', 'ärger', 'Ärger', 'Zoë', 'zoe', 'Öz Ünal', '李雷', 'O’Neil', '100%', '_x', 'a\\b', 'Straße', 'Anna-Lena', 'x'.repeat(70), null, null] as const;
const roles = ['viewer', 'editor', 'customer', 'support'];
const plans: (Scalar | undefined)[] = ['pro', 'Pro', 'free', '', '3', '10', 3, 10, 2.5, -1, true, false, undefined, undefined];
const day = () => new Date(Date.UTC(2020 + Math.floor(random() * 4), Math.floor(random() * 12), 1 + Math.floor(random() * 28), Math.floor(random() * 24))).toISOString();

function somebody(place: number, realm: string): { user: ListedUser; patch: profiles.ProfilePatch } {
  const [firstName, lastName, phone, notes] = [oneOf(names), oneOf(names), oneOf(['+1', '+49 30', '', null]), oneOf(['vip', 'Owes us', null, null])];
  const plan = oneOf(plans);
  const email = random() < 0.7 ? `${oneOf(['ada', 'Grace', 'linus', 'öz'])}${place}@Example.${oneOf(['com', 'org'])}` : null;
  const createdAt = day();
  const attributes: Record<string, Scalar> = plan === undefined ? {} : { plan };
  const userName = random() < 0.6 ? `${oneOf(['Ada', 'bob', 'Bob', 'zed', 'z%d'])}-${place}` : null;
  const user = { realmId: realm, userId: uuidv7(), firstName, lastName, email, phone: phone === '' ? '' : phone, notes, attributes, createdAt, userName, isActive: random() < 0.8, roles: some(roles), createdBy: '', modifiedAt: '', modifiedBy: '' };
  return { user, patch: { firstName, lastName, email, phone, notes, createdAt, attributes } };
}

beforeAll(async () => {
  app = await profilesUnderTest();
  const made = Array.from({ length: 300 }, (_, place) => somebody(place, place % 40 === 7 ? staffRealmId : realmId));
  for (const { user, patch } of made) {
    const { user: stored } = await app.call(profiles.upsertUser, { realmId: user.realmId, newUserId: user.userId, patch, actor: { type: 'user', id: oneOf(['boss', 'clerk']) } });
    everybody.push({ ...user, phone: stored.phone, createdBy: stored.createdBy, modifiedAt: stored.modifiedAt, modifiedBy: stored.modifiedBy });
  }
  for (const realm of [realmId, staffRealmId]) {
    const own = everybody.filter((user) => user.realmId === realm);
    await app.call(profiles.applyLoginState, { realmId: realm, users: own.map(({ userId, userName, isActive }) => ({ userId, version: 1, userName, loginEmail: null, isActive, canLogIn: false })) });
  }
  const own = everybody.filter((user) => user.realmId === realmId);
  await app.call(profiles.applyRoles, { realmId, users: own.map((user) => ({ userId: user.userId, version: 1, roles: user.roles })) });
  staff.push(...everybody.filter((user) => user.realmId === staffRealmId).map((user) => ({ userId: user.userId, roles: user.roles })));
  // Whom no list may show: of another project, staff without a role here, and somebody who is being erased.
  await app.upsert(uuidv7(), 'foreign', { firstName: 'Ada' });
  await app.upsert(staffRealmId, 'other-staff', { firstName: 'Ada' });
  await app.upsert(realmId, 'erased', { firstName: 'Ada' });
  await app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid: 'erased' }], requestedBy: 'spec' });
});

afterEach(() => {
  jest.restoreAllMocks();
});

type Where = Partial<profiles.UserConditions>;
const everything = { filters: [] };
const count = async (where: Where) => (await app.call(profiles.countProjectUsers, { realmId, staff, where: { ...everything, ...where } })).count;
const list = (where: Where, field: profiles.UserSortField = 'createdAt', descending = false, offset = 0, limit = 100) => app.call(profiles.listProjectUsers, { realmId, staff, where: { ...everything, ...where }, sort: { field, descending }, offset, limit });

/** A value that some users have, or nearly have. */
function valueOf(field: profiles.UserFilterField | 'attribute'): string {
  const user = oneOf(everybody);
  const value = field === 'attribute' ? user.attributes['plan'] : field === 'roles' ? oneOf([...user.roles, 'viewer']) : user[field];
  const text = String(value ?? oneOf(['', 'a', 'zz']));
  return random() < 0.6 ? text : text.slice(0, 1 + Math.floor(random() * 3));
}

function someFilter(): profiles.UserFilter {
  const field = oneOf([...profiles.userFilterFields, 'attribute', 'attribute', 'attribute'] as const);
  const textual = ['contains', 'ncontains', 'starts', 'nstarts', 'ends', 'nends'] as const;
  const ordered = ['gt', 'gte', 'lt', 'lte'] as const;
  const exact = ['eq', 'neq', 'any', 'nany', 'all'] as const;
  const isText = field !== 'isActive' && field !== 'createdAt' && field !== 'modifiedAt';
  const operator = oneOf([...exact, ...(isText ? textual : []), ...(field !== 'isActive' && field !== 'roles' ? ordered : [])]);
  const parses = field === 'id' && !(textual as readonly string[]).includes(operator);
  const one = () => (parses ? oneOf(everybody).userId : field === 'isActive' ? oneOf(['true', 'false']) : field === 'createdAt' || field === 'modifiedAt' ? oneOf(everybody)[field] : valueOf(field));
  const value = ['any', 'nany', 'all'].includes(operator) ? Array.from({ length: 1 + Math.floor(random() * 3) }, one).join(',') : one();
  return field === 'attribute' ? { attribute: 'plan', operator, value } : { field: field === 'id' ? 'id' : field, operator, value };
}

function someWhere(): profiles.UserConditions {
  return {
    ...(random() < 0.1 ? { userName: oneOf(everybody).userName ?? 'nobody' } : {}),
    ...(random() < 0.3 ? { search: oneOf(['ada', 'ÖZ', 'z', '%', '_', '\\', 'example.org', 'Ünal', '李', 'bob-1', 'a a', 'straße', '112@Example', '']) } : {}),
    ...(random() < 0.2 ? { role: oneOf([...roles, 'nothing']) } : {}),
    filters: Array.from({ length: Math.floor(random() * 3) }, someFilter),
  };
}

/** Every text that is sent to Postgres from now on, until the spec ends. */
function statementsFromNowOn(): () => ReadonlySet<string> {
  const sent = jest.spyOn(pg.Client.prototype, 'query');
  const textOf = (asked: string | { text: string }) => (typeof asked === 'string' ? asked : asked.text);
  return () => new Set((sent.mock.calls as unknown as [string | { text: string } | { calls: { statement: string | { text: string } }[] }][]).flatMap(([asked]) => (typeof asked !== 'string' && 'calls' in asked ? asked.calls.map(({ statement }) => textOf(statement)) : [textOf(asked)])));
}

/** Tables that a text reads without saying whose rows it means, be it by a condition or by that of a table it is joined to. */
function keylessIn(text: string): string[] {
  const uses = [...text.matchAll(/\b(?:FROM|JOIN)\s+(users|directory|attribute_entries|user_counts)\b(?:\s+(?!ON\b|USING\b|WHERE\b|JOIN\b)(\w+))?(\s+USING \(realm_id\b)?/g)];
  return uses.filter(([, , alias, joined]) => joined === undefined && !new RegExp(alias === undefined ? '\\brealm_id = ' : `\\b${alias}\\.realm_id = `).test(text)).map(([use]) => use);
}

describe('lists of a project’s users', () => {
  // As they are, 300 users are at once looked at all: the other sizes have the same questions answered as those about a million are.
  it.each([
    ['small', listSizes],
    ['large, by an index', { walked: 5, walkedEach: 1, narrowed: 1_000 }],
    ['large, by an index or a look at all', { walked: 5, walkedEach: 1, narrowed: 20 }],
    ['large, by a look at all', { walked: 5, walkedEach: 0, narrowed: -1 }],
    ['large, by what is rare in a searched text', { walked: 5, walkedEach: 1, narrowed: 1_000, fewestUsers: 1, goodForMs: 0 }],
  ])('agree with their counts and with what the conditions say, whatever is asked, sorted by whatever (%s)', async (_, sizes) => {
    for (const name of Object.keys(listSizes) as (keyof typeof listSizes)[]) jest.replaceProperty(listSizes, name, sizes[name]);
    const samples = { ...sampling, ...sizes };
    for (const name of Object.keys(sampling) as (keyof typeof sampling)[]) jest.replaceProperty(sampling, name, samples[name]);
    const sent = statementsFromNowOn();
    let found = 0;
    for (let round = 0; round < 60; round += 1) {
      const where = someWhere();
      const field = oneOf(profiles.userSortFields);
      const descending = random() < 0.5;
      const offset = random() < 0.5 ? 0 : Math.floor(random() * 60);
      const limit = 1 + Math.floor(random() * 100);
      const expected = sortedBy(everybody.filter((user) => evaluate(user, where)), field, descending);
      const [answer, counted] = [await list(where, field, descending, offset, limit), await count(where)];
      const question = { where, field, descending, offset, limit };
      expect({ ...question, count: answer.count, counted }).toEqual({ ...question, count: expected.length, counted: expected.length });
      expect({ ...question, page: answer.page.map(({ userId }) => userId) }).toEqual({ ...question, page: expected.slice(offset, offset + limit).map(({ userId }) => userId) });
      expect(answer.users.map(({ userId }) => userId)).toEqual(answer.page.map(({ userId }) => userId));
      found += expected.length;
    }
    // Whatever is asked, it is asked of one project's rows: one server has them all.
    const texts = sent();
    expect([...texts].filter((text) => keylessIn(text).length > 0)).toEqual([]);
    expect([...texts].filter((text) => /\bFROM directory\b/.test(text)).length).toBeGreaterThan(10);
    // Neither the realm, which all users here are of, nor what most of their texts have is asked of the index then.
    expect([...texts].some((text) => /\bIS TRUE\b.*\bstrpos\b/.test(text))).toBe('goodForMs' in sizes);
    // Otherwise the questions were such that nobody could be found.
    expect(found).toBeGreaterThan(1_000);
  });

  it('find by attributes as they are now, whatever wrote them', async () => {
    jest.replaceProperty(listSizes, 'walked', 0);
    jest.replaceProperty(listSizes, 'walkedEach', 0);
    const realm = uuidv7();
    const who = async (attribute: string, operator: profiles.UserFilterOperator, value: string) =>
      (await app.call(profiles.listProjectUsers, { realmId: realm, staff: [], where: { filters: [{ attribute, operator, value }] }, sort: { field: 'createdAt', descending: false }, offset: 0, limit: 10 })).page.map(({ userId }) => userId);
    const { userId: one } = (await app.upsert(realm, 'one', { attributes: { plan: 'pro', size: 100 } })).user;
    const { userId: other } = (await app.upsert(realm, 'other', { lastName: 'None' })).user;
    const { userId: foreign } = (await app.upsert(uuidv7(), 'one', { attributes: { plan: 'pro' } })).user;
    expect(await who('plan', 'eq', 'pro')).toEqual([one]);
    for (const number of ['100', '1e2', '100.0']) expect(await who('size', 'eq', number)).toEqual([one]);
    await app.upsert(realm, 'one', { attributes: { plan: 'free', size: null } });
    await app.upsert(realm, 'other', { attributes: { size: '100', plan: true } });
    expect([await who('plan', 'eq', 'pro'), await who('plan', 'any', 'free,x'), await who('size', 'starts', '1'), await who('plan', 'eq', 'true')]).toEqual([[], [one], [other], [other]]);
    await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ userId: other }], requestedBy: 'spec' });
    expect(await who('plan', 'eq', 'true')).toEqual([]);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [other] });
    const entries = await app.database.query<{ userId: string }>('SELECT user_id AS "userId" FROM attribute_entries WHERE user_id = ANY ($1)', [[one, other, foreign]]);
    expect(entries.map(({ userId }) => userId).sort()).toEqual([one, foreign].sort());
  });

  it('have as many staff beside them as an organisation may have, and not a few thousand only', async () => {
    const others = Array.from({ length: 10_000 }, () => ({ userId: uuidv7(), roles: ['viewer'] }));
    const { count: told } = await app.call(profiles.countProjectUsers, { realmId, staff: [...others, ...staff], where: everything });
    expect(told).toBe(everybody.length);
  });

  it('have whole users on them', async () => {
    const { users } = await list({ filters: [{ field: 'roles', operator: 'any', value: roles.join(',') }] });
    const home = users.find((user) => user.realmId === realmId)!;
    expect(home).toEqual(await app.call(profiles.getUser, { realmId, user: { userId: home.userId } }));
  });

  it('tell of users who come, change and go at once', async () => {
    const realm = uuidv7();
    const ask = async (search: string) => (await app.call(profiles.listProjectUsers, { realmId: realm, staff: [], where: { search, filters: [] }, sort: { field: 'id', descending: false }, offset: 0, limit: 10 })).count;
    await app.upsert(realm, 'late', { firstName: 'Latecomer' });
    expect(await ask('latecomer')).toBe(1);
    await app.upsert(realm, 'late', { firstName: 'Renamed' });
    expect([await ask('latecomer'), await ask('renamed')]).toEqual([0, 1]);
    await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: 'late' }], requestedBy: 'spec' });
    expect(await ask('renamed')).toBe(0);
  });

  it('count what they show while others come and go', async () => {
    const realm = uuidv7();
    const ask = (where: Where) => app.call(profiles.listProjectUsers, { realmId: realm, staff: [], where: { ...everything, ...where }, sort: { field: 'createdAt', descending: true }, offset: 0, limit: 100 });
    const writing = (async () => {
      for (let round = 0; round < 30; round += 1) {
        await Promise.all([app.upsert(realm, `u${round}`, { firstName: 'Busy' }), app.upsert(realm, `v${round}`, { firstName: 'Idle' })]);
        if (round % 3 === 0) await app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: `u${round}` }], requestedBy: 'spec' });
      }
    })();
    for (let round = 0; round < 40; round += 1) {
      for (const where of [{}, { search: 'busy' }, { filters: [{ field: 'firstName', operator: 'eq', value: 'Busy' } as const] }]) {
        const { count: told, page, users } = await ask(where);
        expect([page.length, users.length]).toEqual([told, told]);
      }
    }
    await writing;
    expect((await ask({})).count).toBe(50);
  });
});

describe('a list that can’t be made', () => {
  it.each([
    [{ field: 'createdAt', operator: 'contains', value: '2020' }],
    [{ field: 'createdAt', operator: 'gt', value: 'yesterday' }],
    [{ field: 'createdAt', operator: 'gt', value: '0000-01-01' }],
    [{ field: 'createdAt', operator: 'gte', value: '2026-02-30' }],
    [{ field: 'modifiedAt', operator: 'lt', value: '2026-04-31T10:00:00Z' }],
    [{ field: 'createdAt', operator: 'gt', value: '9999-12-31T23:59:59-12:00' }],
    [{ field: 'isActive', operator: 'eq', value: 'maybe' }],
    [{ field: 'isActive', operator: 'gt', value: 'true' }],
    [{ field: 'roles', operator: 'lt', value: 'x' }],
    [{ field: 'id', operator: 'gt', value: '7' }],
  ] as const)('because of the filter %j names it', async (filter) => {
    const question = { realmId, staff, where: { filters: [filter] } };
    const page = { sort: { field: 'id', descending: false }, offset: 0, limit: 1 } as const;
    for (const failure of [await app.failure(profiles.listProjectUsers, { ...question, ...page }), await app.failure(profiles.countProjectUsers, question)]) {
      expect(failure).toMatchObject({ kind: 'invalid', code: 'invalid-filter', details: [{ path: `filter[${filter.field}][${filter.operator}]` }] });
    }
  });

  it('because looking at every user takes too long says what to ask instead, be it a list or a count', async () => {
    const held = await app.database.connect();
    try {
      // Stands for a project that is too large: the question waits, until its time is over.
      await held.query('BEGIN; LOCK TABLE directory IN ACCESS EXCLUSIVE MODE');
      const question = { realmId, staff, where: { filters: [{ attribute: 'plan', operator: 'eq', value: 'pro' } as const] } };
      const failures = await Promise.all([app.failure(profiles.listProjectUsers, { ...question, sort: { field: 'id', descending: false }, offset: 0, limit: 1 }), app.failure(profiles.countProjectUsers, question)]);
      for (const failure of failures) expect(failure).toMatchObject({ kind: 'unprocessable', code: 'list-too-slow' });
      await held.query('ROLLBACK');
    } finally {
      held.release(true);
    }
    expect(await count({ search: 'ada' })).toBeGreaterThan(0);
  });

  it('because it is too far from the beginning says how to go on, which works', async () => {
    const failure = await app.failure(profiles.listProjectUsers, { realmId, staff, where: everything, sort: { field: 'id', descending: false }, offset: profiles.farthestOffset + 1, limit: 1 });
    expect(failure).toMatchObject({ kind: 'invalid', code: 'page-too-far' });
    const walked: string[] = [];
    for (let last: string | undefined; ; last = walked.at(-1)) {
      const { page } = await list(last === undefined ? {} : { filters: [{ field: 'id', operator: 'gt', value: last }] }, 'id', false, 0, 70);
      walked.push(...page.map(({ userId }) => userId));
      if (page.length < 70) break;
    }
    expect(walked).toEqual(sortedBy(everybody, 'id', false).map(({ userId }) => userId));
  });

  it.each(['"; DROP TABLE users; --', '\\', '%', '$1', `' OR '1'='1`, '1e99', '-0', '9'.repeat(40), '{"a":1}'])('takes %j for a value and nothing else', async (value) => {
    const filters = [{ attribute: value, operator: 'eq', value } as const, { attribute: 'plan', operator: 'gt', value } as const, { field: 'email', operator: 'any', value } as const];
    for (const filter of filters) expect(await count({ filters: [filter] })).toBe(everybody.filter((user) => evaluate(user, { filters: [filter] })).length);
    expect(await count({ search: value })).toBe(everybody.filter((user) => evaluate(user, { search: value, filters: [] })).length);
  });
});
