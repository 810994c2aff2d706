import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor, upkeepSources } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const range = (count: number) => [...Array(count).keys()];
const request = (realmId: string, rule: unknown) => ({ realmId, segmentId: uuidv7(), name: 'Segment', rule, actor: systemActor });
const create = (realmId: string, rule: unknown) => app.call(profiles.createSegment, request(realmId, rule));
const get = (realmId: string, segmentId: string) => app.call(profiles.getSegment, { realmId, segmentId });
const suppressing = (realmId: string, uid: string, segmentId: string, suppressed: boolean) => ({ realmId, user: { uid }, segmentId, suppressed, actor: systemActor });
const hide = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });
const membersOf = async (realmId: string, segmentId: string) => (await app.call(profiles.listNewestUsers, { realmId, limit: 100, segmentId })).users.map(({ uid }) => uid).sort();

const ready = (realmId: string, segmentId: string) => eventually(async () => expect((await get(realmId, segmentId)).segment.state).toBe('ready'));

/** What a schedule of the workers asks for. */
const refresh = () => app.call(upkeepSources.profiles.run, { task: 'refresh-segments', budgetMs: 10_000 });

describe('a rule', () => {
  const realmId = uuidv7();
  beforeAll(async () => {
    await app.upsert(realmId, 'ada', { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', city: 'London', createdAt: '2020-01-01T00:00:00.000Z', attributes: { plan: 'pro', age: 36, beta: true, 'a.b': 1 } });
    await app.upsert(realmId, 'bob', { displayName: 'Bob', createdAt: '2021-06-01T00:00:00.000Z', attributes: { plan: 'free', age: '36', '100%_x': 'y' } });
    await app.upsert(realmId, 'cyd', { email: 'cyd@test.example', createdAt: '2022-01-01T00:00:00.000Z', attributes: { age: 70, plan: 'pro_max' } });
    await app.upsert(realmId, 'firm', { isAccount: true, createdAt: '2023-01-01T00:00:00.000Z' });
    for (const n of range(3)) await app.track(realmId, 'ada', { event: 'Paid', timestamp: new Date(Date.now() - n * 20 * 86_400_000).toISOString() });
    await app.track(realmId, 'bob', { event: 'Paid' });
    await app.track(realmId, 'bob', { event: 'Other' });
  });

  it.each<[rule: object, members: string[]]>([
    [{ 'attributes.plan': 'pro' }, ['ada']],
    [{ 'attributes.plan': { $ne: 'pro' } }, ['bob', 'cyd', 'firm']],
    [{ 'attributes.age': 36 }, ['ada']],
    [{ 'attributes.age': { $gt: 35 } }, ['ada', 'cyd']],
    [{ 'attributes.age': { $gte: 36, $lt: 70 } }, ['ada']],
    [{ 'attributes.age': { $lte: '36' } }, ['bob']],
    [{ 'attributes.age': { $not: { $gt: 35 } } }, ['bob', 'firm']],
    [{ 'attributes.beta': true }, ['ada']],
    [{ 'attributes.beta': null }, ['bob', 'cyd', 'firm']],
    [{ 'attributes.a.b': 1 }, ['ada']],
    [{ 'attributes.age': { $in: [70, '36', null] } }, ['bob', 'cyd', 'firm']],
    [{ 'attributes.age': { $nin: [36, 70] } }, ['bob', 'firm']],
    [{ 'attributes.plan': { $exists: true } }, ['ada', 'bob', 'cyd']],
    [{ 'attributes.plan': { $exists: false } }, ['firm']],
    [{ 'attributes.plan': { $regex: '^pro' } }, ['ada', 'cyd']],
    [{ 'attributes.plan': { $regex: '^pro\\_m.*' } }, ['cyd']],
    [{ 'attributes.100%_x': { $regex: '^%' } }, []],
    [{ 'attributes.\'); DROP TABLE users; --': 'x\' OR true --' }, []],
    [{ name: 'Ada Lovelace' }, ['ada']],
    [{ name: { $regex: '^B' } }, ['bob']],
    [{ email: null }, ['bob', 'firm']],
    [{ email: { $in: ['ada@example.com', 'x'] } }, ['ada']],
    [{ email: { $nin: ['ada@example.com', null] } }, ['cyd']],
    [{ id: { $gte: 'b', $lt: 'd' } }, ['bob', 'cyd']],
    [{ is_account: true }, ['firm']],
    [{ created_at: { $gte: '2021-06-01', $lt: '2023-01-01T00:00:00Z' } }, ['bob', 'cyd']],
    [{ last_seen_at: { $exists: true } }, ['ada', 'bob']],
    [{ events: { $count: { event: 'Paid', within_days: 30 }, $gte: 2 } }, ['ada']],
    [{ events: { $count: { event: 'Paid' }, $gt: 2 } }, ['ada']],
    [{ events: { $count: { event: 'Paid' }, $eq: 1 } }, ['bob']],
    [{ events: { $count: { event: 'Paid' }, $in: [0, 3] } }, ['ada', 'cyd', 'firm']],
    [{ events: { $count: { event: 'Paid' }, $lt: 1 } }, ['cyd', 'firm']],
    [{ $or: [{ 'attributes.plan': 'free' }, { city: 'London' }] }, ['ada', 'bob']],
    [{ $and: [{ 'attributes.age': { $gt: 0 } }, { $not: { city: 'London' } }] }, ['cyd']],
    [{ $not: { 'attributes.plan': 'pro' }, is_account: false }, ['bob', 'cyd']],
    [{ 'attributes.plan': 'pro', events: { $count: { event: 'Paid', within_days: 30 }, $gte: 2 } }, ['ada']],
  ])('%j finds whom it means', async (rule, members) => {
    const { segmentId } = await create(realmId, rule);
    await ready(realmId, segmentId);
    expect(await membersOf(realmId, segmentId)).toEqual(members);
    expect(await get(realmId, segmentId)).toMatchObject({ members: members.length, segment: { rule, evaluated: 4, total: 4 } });
    expect(await app.call(profiles.previewSegment, { realmId, rule })).toEqual({ count: members.length });
  });

  it.each<[rule: unknown, place: string]>([
    [{}, 'rule'],
    ['x', 'rule'],
    [undefined, 'rule'],
    [{ $or: [] }, 'rule.$or'],
    [{ $or: [{ name: 'a' }, { 'attributes.age': { $gt: [1] } }] }, 'rule.$or[1].attributes.age.$gt'],
    [{ $where: 'true' }, 'rule.$where'],
    [{ plan: 'pro' }, 'rule.plan'],
    [{ 'attributes.': 1 }, 'rule.attributes.'],
    [JSON.parse('{"__proto__":{"a":1}}'), 'rule.__proto__'],
    [{ constructor: 'x' }, 'rule.constructor'],
    [{ name: { $near: 1 } }, 'rule.name.$near'],
    [{ name: 7 }, 'rule.name'],
    [{ name: { $in: 'x' } }, 'rule.name.$in'],
    [{ name: { $in: ['a', 7] } }, 'rule.name.$in[1]'],
    [{ name: { $exists: 1 } }, 'rule.name.$exists'],
    [{ name: { $regex: 'a' } }, 'rule.name.$regex'],
    [{ name: { $regex: '^(a+)+$' } }, 'rule.name.$regex'],
    [{ name: { $regex: '^\\d' } }, 'rule.name.$regex'],
    [{ name: 'a\u0000' }, 'rule.name'],
    [{ created_at: { $gt: 'yesterday' } }, 'rule.created_at.$gt'],
    [{ created_at: { $gt: '2024-02-30' } }, 'rule.created_at.$gt'],
    [{ last_seen_at: { $lte: '2023-02-29T10:00:00Z' } }, 'rule.last_seen_at.$lte'],
    [{ created_at: { $gt: '9999-12-31T23:59:59-12:00' } }, 'rule.created_at.$gt'],
    [{ created_at: { $regex: '^2' } }, 'rule.created_at.$regex'],
    [{ is_account: 'yes' }, 'rule.is_account'],
    [{ events: { $gte: 2 } }, 'rule.events.$count'],
    [{ events: { $count: { event: 'Paid' } } }, 'rule.events'],
    [{ events: { $count: { event: 'Paid', within_days: 0 }, $gte: 1 } }, 'rule.events.$count.within_days'],
    [{ events: { $count: { event: 'Paid', days: 3 }, $gte: 1 } }, 'rule.events.$count.days'],
    [{ events: { $count: { event: 'Paid' }, $gte: 1.5 } }, 'rule.events.$gte'],
    [{ name: range(12).reduce<object>((deep) => ({ $not: deep }), { $eq: 'a' }) }, `rule.name${'.$not'.repeat(10)}`],
    [{ $and: range(101).map(() => ({ name: 'a' })) }, 'rule.$and[100].name'],
    [{ name: 'x'.repeat(40_000) }, 'rule'],
  ])('%j is refused, and the place named', async (rule, place) => {
    const refusal = { kind: 'invalid', code: 'invalid-segment', details: [{ path: place }] };
    expect(await app.failure(profiles.createSegment, request(realmId, rule))).toMatchObject(refusal);
    expect(await app.failure(profiles.previewSegment, { realmId, rule })).toMatchObject(refusal);
  });
});

describe('a preview', () => {
  it('is one at a time in a project, and does not count for ever', async () => {
    const realmId = uuidv7();
    await app.upsert(realmId, 'u');
    const held = await app.database.connect();
    try {
      await held.query('BEGIN');
      await held.query(`SELECT pg_advisory_xact_lock(hashtextextended('segment preview of ' || $1::uuid::text, 0))`, [realmId]);
      expect(await app.failure(profiles.previewSegment, { realmId, rule: { name: 'x' } })).toMatchObject({ kind: 'too-many', code: 'preview-running', retryAfter: 1 });
      await held.query('ROLLBACK; BEGIN');
      // Stands for a project that is too large: the count waits, until its time is over.
      await held.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
      expect(await app.failure(profiles.previewSegment, { realmId, rule: { name: 'x' } })).toMatchObject({ kind: 'conflict', code: 'preview-too-slow' });
      await held.query('ROLLBACK');
    } finally {
      held.release(true);
    }
    expect(await app.call(profiles.previewSegment, { realmId, rule: { name: null } })).toEqual({ count: 1 });
  });
});

describe('members', () => {
  it('come and go in the wake of changes and events', async () => {
    const realmId = uuidv7();
    const { segmentId } = await create(realmId, { $or: [{ 'attributes.plan': 'pro' }, { events: { $count: { event: 'Paid' }, $gte: 1 } }] });
    await ready(realmId, segmentId);
    await app.upsert(realmId, 'a', { attributes: { plan: 'pro' } });
    await app.upsert(realmId, 'b');
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['a']));
    expect((await app.get(realmId, 'a')).segments).toEqual([{ id: segmentId, suppressed: false }]);
    await app.track(realmId, 'b');
    await app.upsert(realmId, 'a', { attributes: { plan: null } });
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['b']));
    expect((await app.get(realmId, 'a')).segments).toEqual([]);
  });

  it('of many users are found in steps, and anew when the rule changes or somebody dies over it', async () => {
    const realmId = uuidv7();
    await app.database.execute(
      `INSERT INTO users (realm_id, user_id, external_id, attributes, created_at, created_by, modified_at, modified_by, version)
       SELECT $1::uuid, gen_random_uuid(), n::text, jsonb_build_object('n', n), now(), 's', now(), 's', 1 FROM generate_series(1, 1700) n`,
      [realmId],
    );
    const { segmentId } = await create(realmId, { 'attributes.n': { $gt: 1_000 } });
    await ready(realmId, segmentId);
    expect(await get(realmId, segmentId)).toMatchObject({ members: 700, segment: { evaluated: 1_700, total: 1_700 } });
    const changed = await app.call(profiles.updateSegment, { realmId, segmentId, rule: { 'attributes.n': { $lte: 10 } }, actor: systemActor });
    expect(changed).toMatchObject({ state: 'computing', evaluated: 0 });
    await ready(realmId, segmentId);
    expect((await get(realmId, segmentId)).members).toBe(10);
    // As it is left by a process that died halfway.
    await app.database.execute(`UPDATE segments SET state = 'computing', run_seq = (SELECT seq FROM users WHERE realm_id = $1 AND external_id = '1000'), run_until = (SELECT max(seq) FROM users WHERE realm_id = $1), evaluated = 1000 WHERE segment_id = $2`, [realmId, segmentId]);
    expect(await refresh()).toEqual({ counts: { steps: 1 }, more: false });
    await ready(realmId, segmentId);
    expect(await get(realmId, segmentId)).toMatchObject({ members: 10, segment: { evaluated: 1_700 } });
  });

  it('are right in the end, whatever happens while they are computed, by two processes at once', async () => {
    const realmId = uuidv7();
    const other = await profilesUnderTest(app.serverUrl);
    await app.database.execute(
      `INSERT INTO users (realm_id, user_id, external_id, attributes, created_at, created_by, modified_at, modified_by, version)
       SELECT $1::uuid, gen_random_uuid(), n::text, jsonb_build_object('n', n), now(), 's', now(), 's', 1 FROM generate_series(1, 3000) n`,
      [realmId],
    );
    const ids = (await Promise.all(range(6).map((n) => create(realmId, { 'attributes.n': { $gt: n * 100 } })))).map(({ segmentId }) => segmentId);
    const [kept, changed, removed] = [ids[0]!, ids[1]!, ids[2]!];
    await Promise.all([
      ...range(20).map((n) => (n % 2 === 0 ? app : other).upsert(realmId, String(1 + n * 140), { attributes: { n: n % 3 === 0 ? -1 : 5_000 } })),
      ...range(5).map((n) => hide(realmId, String(2_900 + n))),
      ...range(5).map((n) => other.upsert(realmId, `new${n}`, { attributes: { n: 4_000 + n } })),
      ...range(4).map((n) => app.call(profiles.updateSegment, { realmId, segmentId: changed, rule: { 'attributes.n': { $lte: 50 + n } }, actor: systemActor })),
      other.call(profiles.removeSegment, { realmId, segmentId: removed, actor: systemActor }),
    ]);
    const left = ids.filter((id) => id !== removed);
    for (const segmentId of left) await ready(realmId, segmentId);
    const rule = (await get(realmId, changed)).segment.rule as { 'attributes.n': { $lte: number } };
    const meant = async (condition: string, value: number) =>
      (await app.database.query<{ uid: string }>(`SELECT external_id AS uid FROM users WHERE realm_id = $1 AND hidden_by IS NULL AND (attributes ->> 'n')::integer ${condition} $2 ORDER BY 1`, [realmId, value])).map(({ uid }) => uid);
    const found = async (segmentId: string) =>
      (await app.database.query<{ uid: string }>('SELECT u.external_id AS uid FROM segment_members m JOIN users u USING (realm_id, user_id) WHERE m.realm_id = $1 AND m.segment_id = $2 AND m.member ORDER BY 1', [realmId, segmentId])).map(({ uid }) => uid);
    await eventually(async () => {
      expect(await found(kept)).toEqual(await meant('>', 0));
      expect(await found(changed)).toEqual(await meant('<=', rule['attributes.n'].$lte));
      expect(await found(ids[5]!)).toEqual(await meant('>', 500));
    });
    expect(await found(removed)).toEqual([]);
  });

  it('are decided of a segment that is made at whatever moment of the look at another', async () => {
    const realmId = uuidv7();
    await app.upsert(realmId, 'someone', { attributes: { plan: 'pro' } });
    for (const delay of range(40)) {
      const first = create(realmId, { 'attributes.plan': 'pro' });
      await new Promise((resolve) => setTimeout(resolve, delay / 2));
      for (const { segmentId } of await Promise.all([first, create(realmId, { 'attributes.plan': 'pro' })])) {
        await ready(realmId, segmentId);
        await app.call(profiles.removeSegment, { realmId, segmentId, actor: systemActor });
      }
    }
  });

  it('follow a custom field that gets another type, once its values have their new form', async () => {
    const realmId = uuidv7();
    for (const [uid, age] of [['young', '20'], ['old', '70']] as const) await app.upsert(realmId, uid, { attributes: { age } });
    const { segmentId } = await create(realmId, { 'attributes.age': { $gt: 30 } });
    const untouched = await create(realmId, { 'attributes.plan': 'pro' });
    for (const id of [segmentId, untouched.segmentId]) await ready(realmId, id);
    expect(await membersOf(realmId, segmentId)).toEqual([]);
    const { evaluatedAt } = (await get(realmId, untouched.segmentId)).segment;
    await app.call(profiles.declareFields, { realmId, fields: [{ name: 'age', type: 'number' }], actor: systemActor });
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['old']));
    await app.call(profiles.removeField, { realmId, name: 'age', actor: systemActor });
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual([]));
    expect((await get(realmId, untouched.segmentId)).segment.evaluatedAt).toBe(evaluatedAt);
  });

  it('of a small project need not wait for those of a large one', async () => {
    const [large, small] = [uuidv7(), uuidv7()];
    await app.database.execute(
      `INSERT INTO users (realm_id, user_id, external_id, created_at, created_by, modified_at, modified_by, version)
       SELECT $1::uuid, gen_random_uuid(), n::text, now(), 's', now(), 's', 1 FROM generate_series(1, 12000) n`,
      [large],
    );
    const first = await create(large, { id: { $exists: true } });
    const second = await create(small, { id: { $exists: true } });
    await ready(small, second.segmentId);
    // Whoever is ready first has waited no longer than for a step or two of the other.
    const { rows } = (await app.database.query<{ rows: boolean }>(`SELECT s.evaluated_at < coalesce(l.evaluated_at, 'infinity') AS rows FROM segments s, segments l WHERE s.segment_id = $1 AND l.segment_id = $2`, [second.segmentId, first.segmentId]))[0]!;
    expect(rows).toBe(true);
    await ready(large, first.segmentId);
    expect((await get(large, first.segmentId)).members).toBe(12_000);
  });

  it('leave with time where the rule has time in it', async () => {
    const realmId = uuidv7();
    const { segmentId } = await create(realmId, { events: { $count: { event: 'Paid', within_days: 30 }, $gte: 1 } });
    await ready(realmId, segmentId);
    const { userId } = (await app.upsert(realmId, 'u')).user;
    await app.track(realmId, 'u');
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['u']));
    await app.database.execute(`UPDATE user_events SET occurred_at = occurred_at - interval '31 days' WHERE realm_id = $1 AND user_id = $2`, [realmId, userId]);
    await app.database.execute(`UPDATE segments SET evaluated_at = now() - interval '1 day' WHERE segment_id = $1`, [segmentId]);
    await refresh();
    expect(await membersOf(realmId, segmentId)).toEqual([]);
  });

  it('go with their segment, even where the process that removed it died over it', async () => {
    const realmId = uuidv7();
    const { segmentId } = await create(realmId, { id: { $exists: true } });
    await app.upsert(realmId, 'u');
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['u']));
    await app.database.execute(`UPDATE segments SET state = 'removing', stepped_at = now() - interval '1 hour' WHERE segment_id = $1`, [segmentId]);
    expect(await app.failure(profiles.getSegment, { realmId, segmentId })).toMatchObject({ code: 'segment-not-found' });
    expect(await app.failure(profiles.updateSegment, { realmId, segmentId, name: 'x', actor: systemActor })).toMatchObject({ code: 'segment-not-found' });
    expect(await app.failure(profiles.removeSegment, { realmId, segmentId, actor: systemActor })).toMatchObject({ code: 'segment-not-found' });
    expect((await app.call(profiles.listSegments, { realmId, limit: 10 })).segments).toEqual([]);
    await refresh();
    expect((await app.get(realmId, 'u')).segments).toEqual([]);
    expect(await app.database.query('SELECT FROM segments WHERE segment_id = $1', [segmentId])).toEqual([]);
  });

  it('are suppressed, and still are when they come back', async () => {
    const realmId = uuidv7();
    const { segmentId } = await create(realmId, { 'attributes.plan': 'pro' });
    await app.upsert(realmId, 'u', { attributes: { plan: 'pro' } });
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['u']));
    const suppressed = await app.call(profiles.setSuppressed, suppressing(realmId, 'u', segmentId, true));
    expect(suppressed.segments).toEqual([{ id: segmentId, suppressed: true }]);
    await app.upsert(realmId, 'u', { attributes: { plan: 'free' } });
    await eventually(async () => expect((await app.get(realmId, 'u')).segments).toEqual([]));
    expect(await app.failure(profiles.setSuppressed, suppressing(realmId, 'u', segmentId, false))).toMatchObject({ kind: 'not-found', code: 'not-in-segment' });
    await app.upsert(realmId, 'u', { attributes: { plan: 'pro' } });
    await eventually(async () => expect((await app.get(realmId, 'u')).segments).toEqual([{ id: segmentId, suppressed: true }]));
  });

  it('are gone when they are erased or the segment is removed, and of a merge the destination is decided anew', async () => {
    const realmId = uuidv7();
    const { segmentId } = await create(realmId, { 'attributes.plan': 'pro' });
    for (const uid of ['a', 'src']) await app.upsert(realmId, uid, { attributes: { plan: 'pro' } });
    await app.upsert(realmId, 'dst');
    await eventually(async () => expect(await membersOf(realmId, segmentId)).toEqual(['a', 'src']));
    await app.call(profiles.setSuppressed, suppressing(realmId, 'src', segmentId, true));
    await app.call(profiles.mergeUsers, { realmId, source: { uid: 'src' }, destination: { uid: 'dst' }, erasureId: uuidv7(), actor: systemActor });
    await eventually(async () => expect((await app.get(realmId, 'dst')).segments).toEqual([{ id: segmentId, suppressed: true }]));
    const { userId } = await app.get(realmId, 'a');
    await hide(realmId, 'a');
    expect(await membersOf(realmId, segmentId)).toEqual(['dst']);
    await app.call(profiles.eraseProfile, { realmId, userIds: [userId] });
    await eventually(async () => expect((await get(realmId, segmentId)).members).toBe(1));
    await app.call(profiles.removeSegment, { realmId, segmentId, actor: systemActor });
    expect((await app.get(realmId, 'dst')).segments).toEqual([]);
    expect(await app.failure(profiles.listNewestUsers, { realmId, limit: 1, segmentId })).toMatchObject({ code: 'segment-not-found' });
    expect(await app.failure(profiles.getSegment, { realmId: uuidv7(), segmentId })).toMatchObject({ code: 'segment-not-found' });
  });
});
