import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { FinishSweeps } from './finish-sweeps.js';

let app: ProfilesUnderTest;
/** Another process over the same database. */
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});

type Wanted = { name: string; type: profiles.FieldType; label?: string };

const declareRequest = (realmId: string, ...fields: Wanted[]) => ({ realmId, fields, actor: systemActor });
const declare = (realmId: string, ...fields: Wanted[]) => app.call(profiles.declareFields, declareRequest(realmId, ...fields));
const remove = (realmId: string, name: string) => app.call(profiles.removeField, { realmId, name, actor: systemActor });
const list = async (realmId: string) => (await app.call(profiles.listFields, { realmId })).fields;
const range = (count: number) => [...Array(count).keys()];

/** Until so many sessions wait for locks. */
async function waiting(count: number): Promise<void> {
  for (let sessions = 0; sessions < count; ) {
    const [row] = await app.database.query<{ sessions: number }>(`SELECT count(*) AS sessions FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    sessions = row!.sessions;
  }
}

describe('custom fields', () => {
  it('are declared, relabelled and listed in the order of their declaration, each project its own', async () => {
    const realm = uuidv7();
    expect(await list(realm)).toEqual([]);
    await declare(realm, { name: 'lname', type: 'text', label: 'Last name' }, { name: 'fname', type: 'text' });
    const { fields } = await declare(realm, { name: 'joined', type: 'date', label: 'Joined' }, { name: 'lname', type: 'text', label: 'Family name' });
    expect(fields).toEqual([
      { name: 'lname', type: 'text', label: 'Family name' },
      { name: 'fname', type: 'text', label: 'fname' },
      { name: 'joined', type: 'date', label: 'Joined' },
    ]);
    await declare(realm, { name: 'lname', type: 'text' });
    expect(await list(realm)).toEqual(fields);
    expect(await list(uuidv7())).toEqual([]);
  });

  it('tell that they changed, by name, and nothing when nothing did', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'a', type: 'text' });
    await declare(realm, { name: 'a', type: 'text', label: 'a' });
    await remove(realm, 'a');
    const told = [...(await app.outbox<{ realmId: string }>('profiles.fields.declared')), ...(await app.outbox<{ realmId: string }>('profiles.field.removed'))];
    expect(told.filter(({ realmId }) => realmId === realm)).toEqual([{ realmId: realm, names: ['a'] }, { realmId: realm, name: 'a' }]);
  });

  it('can\'t have the name of a standard field, nor one name twice', async () => {
    const failure = await app.failure(profiles.declareFields, declareRequest(uuidv7(), { name: 'email', type: 'text' }, { name: 'a', type: 'text' }, { name: 'a', type: 'date' }));
    expect(failure).toMatchObject({ kind: 'invalid', code: 'invalid-field', details: [{ path: 'fields[0].name' }, { path: 'fields[2].name' }] });
  });
});

describe('the type of a field', () => {
  it.each<[type: profiles.FieldType, good: (string | number | boolean)[], bad: (string | number | boolean)[]]>([
    ['text', ['', 'x', '34', 'true'], [34, true]],
    ['number', [0, -1.5, 1e300], ['34', '', true]],
    ['boolean', [true, false], ['true', 0]],
    ['date', ['2022-04-10', '2024-02-29', '2000-02-29', '2022-05-25T05:00:31Z', '2022-04-10T23:28:43.060+12:00'], ['', 'yesterday', '2023-02-29', '1900-02-29', '2022-13-01', '2022-4-1', '0000-01-01', '2022-04-10T25:00:00Z', '2022-04-10T23:28:43', 20220410, true]],
  ])('%s holds for every upsert', async (type, good, bad) => {
    const realm = uuidv7();
    await declare(realm, { name: 'f', type });
    for (const value of good) expect((await app.upsert(realm, 'u', { attributes: { f: value } })).user.attributes).toEqual({ f: value });
    const before = await app.get(realm, 'u');
    for (const value of bad) {
      expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'u', { attributes: { f: value, free: 1 } }))).toMatchObject({ code: 'invalid-profile', details: [{ path: 'attributes.f' }] });
    }
    expect(await app.get(realm, 'u')).toEqual(before);
    expect((await app.upsert(realm, 'u', { attributes: { f: null } })).user.attributes).toEqual({});
  });

  it('refuses one of several upserts that are written together, and no other', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'age', type: 'number' });
    const answers = await Promise.allSettled(range(60).map((n) => app.upsert(realm, `u${n}`, { attributes: { age: n % 10 === 0 ? 'old' : n } })));
    expect(answers.map(({ status }) => status)).toEqual(range(60).map((n) => (n % 10 === 0 ? 'rejected' : 'fulfilled')));
  });

  it('changes only as stored values allow, and says how many do not', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'f', type: 'text' }, { name: 'other', type: 'text' });
    const values = ['34', '-0.5', '1e3', 'old', '12345678901234567890', '0034'];
    for (const [n, f] of values.entries()) await app.upsert(realm, `u${n}`, { attributes: { f } });
    const failure = await app.failure(profiles.declareFields, declareRequest(realm, { name: 'new', type: 'text' }, { name: 'f', type: 'number' }));
    expect(failure).toMatchObject({ kind: 'conflict', code: 'field-conflict', message: expect.stringContaining('3 stored values'), details: [{ path: 'fields[1].type', message: expect.stringContaining('3 stored values') }] });
    expect((await list(realm)).map(({ name, type }) => [name, type])).toEqual([['f', 'text'], ['other', 'text']]);
  });

  it.each<[from: profiles.FieldType, to: profiles.FieldType, before: string | number | boolean, after: string | number | boolean]>([
    ['text', 'number', '34', 34],
    ['text', 'number', '-1.25e2', -125],
    ['text', 'boolean', 'false', false],
    ['text', 'date', '2022-04-10', '2022-04-10'],
    ['number', 'text', 1.5, '1.5'],
    ['boolean', 'text', true, 'true'],
    ['date', 'text', '2022-04-10T00:00:00Z', '2022-04-10T00:00:00Z'],
  ])('gives stored values their form: from %s to %s, %j becomes %j', async (from, to, before, after) => {
    const realm = uuidv7();
    await declare(realm, { name: 'f', type: from });
    await app.upsert(realm, 'u', { attributes: { f: before, untouched: 'x' } });
    await app.upsert(realm, 'without', { attributes: { untouched: 'x' } });
    await declare(realm, { name: 'f', type: to });
    expect(await app.get(realm, 'u')).toMatchObject({ attributes: { f: after, untouched: 'x' } });
    expect((await app.get(realm, 'without')).version).toBe(1);
    expect((await app.upsert(realm, 'u', { attributes: { f: after } })).user.attributes['f']).toBe(after);
  });

  it('is held against values that were there before the field', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u', { attributes: { joined: 'long ago', age: '34' } });
    expect(await app.failure(profiles.declareFields, declareRequest(realm, { name: 'joined', type: 'date' }))).toMatchObject({ code: 'field-conflict', message: expect.stringContaining('1 stored value is no date') });
    await declare(realm, { name: 'age', type: 'number' });
    expect((await app.get(realm, 'u')).attributes).toEqual({ joined: 'long ago', age: 34 });
  });

  it('is known to every process at once: no value of the old type after the answer, whoever writes and however many', async () => {
    const realm = uuidv7();
    await Promise.all(range(20).map((n) => replica.upsert(realm, `u${n}`, { attributes: { f: 'text' } })));
    for (let round = 0; round < 5; round += 1) {
      const name = `f${round}`;
      let wrote = 0;
      // Both processes write texts all the while; the field becomes a number as soon as none of them got in.
      const writers = range(40).map(async (n) => {
        const done = await (n % 2 === 0 ? app : replica).upsert(realm, `u${n}`, { attributes: { [name]: 'text' } }).then(() => true, () => false);
        if (done) wrote += 1;
      });
      const declared = await declare(realm, { name, type: 'number' }).then(() => true, () => false);
      await Promise.all(writers);
      const [stored] = await app.database.query<{ texts: number }>(`SELECT count(*) AS texts FROM users WHERE realm_id = $1 AND jsonb_typeof(attributes -> $2) = 'string'`, [realm, name]);
      expect(stored!.texts).toBe(declared ? 0 : wrote);
    }
  });

  it('waits for a write under way, and a write waits for it', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'u', { attributes: { other: 1 } });
    const held = await app.database.connect();
    try {
      // A writer that has its user, and dawdles.
      await held.query('BEGIN');
      await held.query(`SELECT FROM users WHERE realm_id = $1 FOR NO KEY UPDATE`, [realm]);
      const writing = replica.upsert(realm, 'u', { attributes: { f: 'text' } });
      await waiting(1);
      const declaring = declare(realm, { name: 'f', type: 'number' }).then(() => 'declared', () => 'refused');
      await waiting(2);
      await held.query('COMMIT');
      expect((await writing).user.attributes).toEqual({ other: 1, f: 'text' });
      expect(await declaring).toBe('refused');
    } finally {
      held.release();
    }
  });
});

describe('removing a field', () => {
  it('removes its values everywhere, and nothing else; declared again it has none', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'gone', type: 'text' }, { name: 'kept', type: 'text' });
    // More than one page of the sweep.
    await app.database.execute(
      `INSERT INTO users (realm_id, user_id, external_id, attributes, created_at, created_by, modified_at, modified_by, version)
       SELECT $1, gen_random_uuid(), 'u' || n, CASE WHEN n % 3 = 0 THEN '{"kept":"x"}'::jsonb ELSE '{"gone":"x","kept":"x"}'::jsonb END, now(), 'x', now(), 'x', 1 FROM generate_series(1, 2500) n`,
      [realm],
    );
    const other = uuidv7();
    await app.upsert(other, 'u', { attributes: { gone: 'stays' } });
    expect(await remove(realm, 'gone')).toEqual({ fields: [{ name: 'kept', type: 'text', label: 'kept' }] });
    const rows = await app.database.query<{ attributes: object; version: number; users: number }>(`SELECT attributes, version, count(*) AS users FROM users WHERE realm_id = $1 GROUP BY 1, 2 ORDER BY 2`, [realm]);
    expect(rows).toEqual([{ attributes: { kept: 'x' }, version: 1, users: 833 }, { attributes: { kept: 'x' }, version: 2, users: 1667 }]);
    await declare(realm, { name: 'gone', type: 'number' });
    expect((await app.get(realm, 'u1')).attributes).toEqual({ kept: 'x' });
    expect((await app.get(other, 'u')).attributes).toEqual({ gone: 'stays' });
  });

  it('is not found for what is no field of the project', async () => {
    const realm = uuidv7();
    await declare(uuidv7(), { name: 'f', type: 'text' });
    expect(await app.failure(profiles.removeField, { realmId: realm, name: 'f', actor: systemActor })).toMatchObject({ kind: 'not-found', code: 'field-not-found' });
  });

  it('lets nobody write a value before it is done, and goes on when asked again', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'f', type: 'text' }, { name: 'g', type: 'text' });
    await app.upsert(realm, 'u', { attributes: { f: 'x' } });
    // As a process leaves it that died after the first of its transactions.
    await app.database.execute(`UPDATE profile_fields SET sweep = 'remove' WHERE realm_id = $1 AND name = 'f'`, [realm]);
    expect((await list(realm)).map(({ name }) => name)).toEqual(['g']);
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'u', { attributes: { f: 'y' } }))).toMatchObject({ kind: 'unavailable', code: 'field-busy' });
    expect(await app.failure(profiles.putUser, { realmId: realm, uid: 'u', newUserId: uuidv7(), patch: { attributes: { f: 'y' } }, actor: systemActor })).toMatchObject({ kind: 'unavailable', code: 'field-busy' });
    expect(await app.failure(profiles.declareFields, declareRequest(realm, { name: 'f', type: 'text' }))).toMatchObject({ code: 'field-busy' });
    expect((await app.upsert(realm, 'u', { attributes: { g: 'y' } })).user.attributes).toMatchObject({ g: 'y' });
    await remove(realm, 'f');
    expect((await app.get(realm, 'u')).attributes).toEqual({ g: 'y' });
  });

  it.each([['removed', 'remove', {}], ['converted', 'convert', { f: 'true' }]] as const)('left half %s by a process that died, is finished by another', async (_what, sweep, attributes) => {
    const realm = uuidv7();
    await app.upsert(realm, 'u', { attributes: { f: true } });
    await app.database.execute(`INSERT INTO profile_fields (realm_id, name, type, label, sweep, modified_at, modified_by) VALUES ($1, 'f', 'text', 'f', $2, now() - interval '2 minutes', 'x')`, [realm, sweep]);
    await replica.provider(FinishSweeps).execute();
    expect((await app.get(realm, 'u')).attributes).toEqual(attributes);
    await app.upsert(realm, 'u', { attributes: { f: 'written' } });
  });

  it('reaches a value that somebody carries past it', async () => {
    const realm = uuidv7();
    const ids = range(2).map((n) => uuidv7({ msecs: 1_000 + n }));
    await declare(realm, { name: 'f', type: 'text' });
    await app.upsert(realm, 'ahead', {}, { newUserId: ids[0]! });
    await app.upsert(realm, 'behind', { attributes: { f: 'x' } }, { newUserId: ids[1]! });
    const held = await app.database.connect();
    try {
      // Both are held, as by a merge; the sweep passes the one without a value and waits for the other.
      await held.query('BEGIN');
      await held.query('SELECT FROM users WHERE realm_id = $1 FOR UPDATE', [realm]);
      const removing = remove(realm, 'f');
      await waiting(1);
      await held.query(`UPDATE users SET attributes = CASE WHEN external_id = 'ahead' THEN '{"f":"x"}'::jsonb ELSE '{}'::jsonb END WHERE realm_id = $1`, [realm]);
      await held.query('COMMIT');
      await removing;
    } finally {
      held.release();
    }
    expect([(await app.get(realm, 'ahead')).attributes, (await app.get(realm, 'behind')).attributes]).toEqual([{}, {}]);
  });

  it('and writing at once neither lose a value of another field nor stop each other', async () => {
    const realm = uuidv7();
    await declare(realm, { name: 'f', type: 'text' });
    await Promise.all(range(50).map((n) => app.upsert(realm, `u${n}`, { attributes: { f: 'x' } })));
    const writing = range(50).flatMap((n) => [app, replica].map((side, k) => side.upsert(realm, `u${n}`, { attributes: { [`k${k}`]: n } })));
    await Promise.all([...writing, remove(realm, 'f')]);
    for (const n of range(50)) expect((await app.get(realm, `u${n}`)).attributes).toEqual({ k0: n, k1: n });
  });
});
