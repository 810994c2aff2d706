import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { personalTables } from './personal-data.js';

let app: ProfilesUnderTest;
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});

const range = (count: number) => [...Array(count).keys()];
const newRealm = () => uuidv7();

function hide(realmId: string, users: RequestInput<typeof profiles.hideUsers>['users'], erasureId = uuidv7(), side = app) {
  return side.call(profiles.hideUsers, { realmId, erasureId, users, requestedBy: 'key-1' }).then(({ userIds }) => userIds);
}

const nothing = Object.fromEntries(personalTables.map(({ table }) => [table, 0]));

describe('hiding users', () => {
  it('makes them unknown to every read and every write at once', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'gone', { email: 'gone@example.com' });
    await app.track(realm, 'gone');
    expect(await hide(realm, [{ uid: 'gone' }, { uid: 'nobody' }, { userId: user.userId }, { uid: 'a\0' }])).toEqual([user.userId, null, user.userId, null]);

    for (const address of [{ uid: 'gone' }, { userId: user.userId }]) {
      expect(await app.failure(profiles.getUser, { realmId: realm, user: address })).toMatchObject({ code: 'user-not-found' });
      expect(await app.failure(profiles.listEvents, { realmId: realm, user: address, limit: 1 })).toMatchObject({ code: 'user-not-found' });
      expect(await app.failure(profiles.trackEvent, { realmId: realm, user: address, event: { id: 'late', event: 'Late', value: null, properties: {}, timestamp: '2020-01-01T00:00:00Z' } })).toMatchObject({ kind: 'gone', code: 'user-erased' });
    }
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'gone', { firstName: 'late' }))).toMatchObject({ kind: 'gone', code: 'user-erased' });
    expect(await app.failure(profiles.upsertUser, { ...app.upsertRequest(realm, '-', {}, { newUserId: user.userId, recreateErased: true }), externalId: undefined })).toMatchObject({ code: 'user-erased' });
    expect(await app.failure(profiles.beginLogin, { realmId: realm, userId: user.userId })).toMatchObject({ code: 'user-not-found' });
    expect(await app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId: user.userId, version: 9, userName: 'n', loginEmail: 'l', isActive: true, canLogIn: true }] })).toEqual({ applied: 0 });
  });

  it('tells once who is to be erased, at whose request', async () => {
    const realm = newRealm();
    const ids = (await Promise.all(range(3).map((n) => app.upsert(realm, `u${n}`)))).map(({ user }) => user.userId);
    const erasureId = uuidv7();
    const users = range(3).map((n) => ({ uid: `u${n}` }));
    await hide(realm, users, erasureId);
    await hide(realm, users, erasureId);
    await hide(realm, [{ uid: 'nobody' }]);
    const told = (await app.outbox<{ realmId: string; userIds: string[] }>('profiles.users.hidden')).filter(({ realmId }) => realmId === realm);
    expect(told).toEqual([{ realmId: realm, erasureId, userIds: expect.arrayContaining(ids), requestedBy: 'key-1', requestedByType: 'credential' }]);
  });

  it('answers the same to the same erasure, at any time and at once, and nobody to another', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'again', { email: 'again@example.com' });
    const erasureId = uuidv7();
    const answers = await Promise.all(range(6).map((n) => hide(realm, [{ uid: 'again' }], erasureId, n % 2 === 0 ? app : replica)));
    expect(answers).toEqual(Array(6).fill([user.userId]));
    expect(await hide(realm, [{ uid: 'again' }, { userId: user.userId }])).toEqual([null, null]);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
    expect(await hide(realm, [{ uid: 'again' }], erasureId)).toEqual([user.userId]);

    const successor = (await app.upsert(realm, 'again', {}, { recreateErased: true })).user;
    expect(await hide(realm, [{ uid: 'again' }], erasureId)).toEqual([user.userId]);
    expect(await app.get(realm, 'again')).toEqual(successor);
  });

  it('gives a user to one of two erasures that come at once', async () => {
    const realm = newRealm();
    for (const n of range(10)) {
      const { user } = await app.upsert(realm, `u${n}`);
      const answers = await Promise.all([hide(realm, [{ uid: `u${n}` }]), hide(realm, [{ uid: `u${n}` }], uuidv7(), replica)]);
      expect(answers.flat().filter((id) => id !== null)).toEqual([user.userId]);
    }
  });

  it('remembers every name of somebody without an external id', async () => {
    const realm = newRealm();
    const { user } = await app.call(profiles.upsertUser, { ...app.upsertRequest(realm, '-', { email: 'Ada@Example.com' }), externalId: undefined });
    await app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId: user.userId, version: 1, userName: 'ada', loginEmail: 'Ada@Example.com', isActive: true, canLogIn: true }] });
    expect(await hide(realm, [{ uid: 'ada@example.com' }])).toEqual([user.userId]);
    for (const uid of ['ada@example.com', 'ADA', user.userId]) {
      expect(await app.failure(profiles.trackEvent, { realmId: realm, user: { uid }, event: { id: 'x', event: 'x', value: null, properties: {} } })).toMatchObject({ code: 'user-erased' });
    }
  });

  it('keeps no name in the tombstones', async () => {
    const realm = newRealm();
    await app.upsert(realm, 'unmistakable', { email: 'unmistakable@example.com' });
    await hide(realm, [{ uid: 'unmistakable' }]);
    const stones = await app.database.query<{ kind: string; row: string; bytes: number }>(
      `SELECT kind, t::text || encode(key_hash, 'escape') AS row, length(key_hash) AS bytes FROM tombstones t WHERE realm_id = $1 ORDER BY kind`,
      [realm],
    );
    expect(stones.map(({ kind, bytes }) => [kind, bytes])).toEqual([['email', 32], ['external-id', 32], ['user-id', 32]]);
    expect(stones.filter(({ row }) => row.includes('unmistakable'))).toEqual([]);
  });
});

describe('an erased name', () => {
  it('can be borne again when that is said, by somebody new', async () => {
    const realm = newRealm();
    const first = (await app.upsert(realm, 'name', { email: 'name@example.com', attributes: { a: 1 } })).user;
    await app.track(realm, 'name');
    await hide(realm, [{ uid: 'name' }]);
    const { created, user } = await app.upsert(realm, 'name', { email: 'name@example.com' }, { recreateErased: true });
    expect(created).toBe(true);
    expect(user).toMatchObject({ uid: 'name', attributes: {}, version: 1, firstSeenAt: null });
    expect(user.userId).not.toBe(first.userId);
    // From now on they are somebody like all others; the old one stays erased.
    expect((await app.upsert(realm, 'name', { firstName: 'New' })).user).toMatchObject({ userId: user.userId, firstName: 'New' });
    expect(await app.track(realm, 'name')).toEqual({ stored: 'now' });
    expect((await app.call(profiles.listEvents, { realmId: realm, user: { uid: 'name' }, limit: 10 })).events).toHaveLength(1);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [first.userId] });
    expect(await app.get(realm, 'name')).toMatchObject({ userId: user.userId, firstName: 'New' });
    // And can be erased in their turn.
    expect(await hide(realm, [{ uid: 'name' }])).toEqual([user.userId]);
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'name'))).toMatchObject({ code: 'user-erased' });
  });

  it('stays free of late writes whatever happens at once', async () => {
    const realm = newRealm();
    for (const n of range(15)) {
      const uid = `u${n}`;
      const { user } = await app.upsert(realm, uid);
      const [, ...late] = await Promise.allSettled([hide(realm, [{ uid }]), ...range(6).map((k) => (k % 2 === 0 ? app : replica).upsert(realm, uid, { attributes: { k } })), replica.track(realm, uid), app.track(realm, uid)]);
      expect(late.filter((result) => result.status === 'rejected' && !String(result.reason).includes('user-erased'))).toEqual([]);
      expect(await app.failure(profiles.getUser, { realmId: realm, user: { uid } })).toMatchObject({ code: 'user-not-found' });
      await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
      expect((await app.call(profiles.countProfileRemains, { realmId: realm, userIds: [user.userId] })).remains).toEqual(nothing);
    }
    const [left] = await app.database.query<{ users: number }>('SELECT count(*) AS users FROM users WHERE realm_id = $1', [realm]);
    expect(left!.users).toBe(0);
  });

  it('is noticed even by a write that looked before it was one', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'model');
    await hide(realm, [{ uid: 'model' }]);
    // While the row of the new user goes in, somebody of that name is made and erased elsewhere.
    await app.database.query(`
      CREATE FUNCTION spec_meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE tombstones SET lifted_at = NULL WHERE realm_id = NEW.realm_id; RETURN NEW; END $$`);
    await app.database.query('UPDATE tombstones SET lifted_at = now() WHERE realm_id = $1', [realm]);
    await app.database.query('CREATE TRIGGER spec_meanwhile BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION spec_meanwhile()');
    try {
      expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'model'))).toMatchObject({ code: 'user-erased' });
      await app.database.query('UPDATE tombstones SET lifted_at = now() WHERE realm_id = $1', [realm]);
      expect((await app.upsert(realm, 'model', {}, { recreateErased: true })).user.userId).not.toBe(user.userId);
    } finally {
      await app.database.query('DROP TRIGGER spec_meanwhile ON users');
      await app.database.query('DROP FUNCTION spec_meanwhile');
    }
  });
});

describe('erasing users', () => {
  it('leaves nothing of them, counts what it took, and does no harm when repeated', async () => {
    const realm = newRealm();
    const users = await Promise.all(range(2).map(async (n) => (await app.upsert(realm, `canary${n}`, { firstName: 'canary', email: `canary${n}@example.com`, attributes: { canary: 'canary' } })).user));
    const other = (await app.upsert(realm, 'other', { firstName: 'stays' })).user;
    await Promise.all(range(30).map((n) => app.track(realm, `canary${n % 2}`, { id: `canary${n}`, properties: { canary: 'canary' } })));
    await app.track(realm, 'other');
    await app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId: users[0]!.userId, version: 1, userName: 'canary', loginEmail: 'canary0@example.com', isActive: true, canLogIn: true }] });
    await hide(realm, range(2).map((n) => ({ uid: `canary${n}` })));

    const request = { realmId: realm, userIds: users.map(({ userId }) => userId) };
    const there = { ...nothing, user_events: 30, event_ids: 30, attribute_entries: 2, directory: 2, users: 2 };
    expect(await app.call(profiles.countProfileRemains, request)).toEqual({ remains: there });
    expect(await app.call(profiles.eraseProfile, request)).toEqual({ erased: there });
    expect(await app.call(profiles.countProfileRemains, request)).toEqual({ remains: nothing });
    expect(await app.call(profiles.eraseProfile, request)).toEqual({ erased: nothing });
    expect(await app.get(realm, 'other')).toMatchObject({ userId: other.userId, firstName: 'stays' });

    // Of every table, each row as text. Names of attributes are all that the outbox still has.
    const tables = await app.database.query<{ name: string }>(`SELECT c.oid::regclass::text AS name FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`);
    for (const { name } of tables) {
      const rows = await app.database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t WHERE t::text LIKE '%canary%'`);
      expect(rows.map(({ row }) => row.replace('attributes.canary', '')).filter((row) => row.includes('canary'))).toEqual([]);
    }
    expect(app.log.text).not.toContain('canary');
  });

  it('takes a user of more events than a batch, and only those of the realm', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'many');
    await app.database.query(
      `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) SELECT $1, $2, now() - make_interval(days => n % 90), n::text, 'e' FROM generate_series(1, 25000) n`,
      [realm, user.userId],
    );
    const elsewhere = await app.call(profiles.eraseProfile, { realmId: newRealm(), userIds: [user.userId] });
    expect(elsewhere).toEqual({ erased: nothing });
    expect((await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] })).erased).toEqual({ ...nothing, user_events: 25_000, directory: 1, users: 1 });
  });

  it('is not undone by identity\'s late word', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'late');
    await hide(realm, [{ uid: 'late' }]);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
    expect(await app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId: user.userId, version: 1, userName: 'late', loginEmail: null, isActive: true, canLogIn: true }] })).toEqual({ applied: 0 });
    expect((await app.call(profiles.countProfileRemains, { realmId: realm, userIds: [user.userId] })).remains).toEqual(nothing);
  });
});

describe('the suppression list', () => {
  const suppressions = (realmId: string, limit = 100, cursor?: string) => app.call(profiles.listSuppressions, { realmId, limit, cursor });
  const check = (realmId: string, user: profiles.UserAddress) => app.call(profiles.checkSuppression, { realmId, user });
  const actor = { type: 'user', id: 'admin-1' } as const;
  const late = (realmId: string, uid: string) => app.upsert(realmId, uid, { firstName: 'late' });
  const newest = async (realmId: string) => (await suppressions(realmId, 1)).suppressions[0]!.nameHash;

  it('has each erased name once, newest first, in pages, and none of another realm', async () => {
    const [realm, other] = [newRealm(), newRealm()];
    await Promise.all([app.upsert(realm, 'a', { email: 'shared@example.com' }), app.upsert(realm, 'b', { email: 'shared@example.com' }), app.upsert(other, 'a')]);
    const erasures = [uuidv7(), uuidv7()];
    await hide(realm, [{ uid: 'a' }], erasures[0]);
    await app.database.query(`UPDATE tombstones SET created_at = created_at - interval '1 second' WHERE realm_id = $1`, [realm]);
    await hide(realm, [{ uid: 'b' }], erasures[1]);

    const all = (await suppressions(realm)).suppressions;
    expect(all.map(({ erasureId }) => erasureId)).toEqual([erasures[1], erasures[1], erasures[0]]);
    expect(all.map(({ kind }) => kind).sort()).toEqual(['email', 'external-id', 'external-id']);
    const seen: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await suppressions(realm, 1, cursor);
      seen.push(...page.suppressions);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(all);
    const { nextCursor } = await suppressions(realm, 1);
    for (const [realmId, cursor] of [[other, nextCursor!], [realm, `${nextCursor!}A`], [realm, 'x']] as const) {
      expect(await app.failure(profiles.listSuppressions, { realmId, limit: 1, cursor })).toMatchObject({ code: 'invalid-cursor' });
    }
    expect(await suppressions(other)).toEqual({ suppressions: [], nextCursor: null });
    expect(await check(other, { uid: 'b' })).toEqual({ since: null, suppressions: [] });
  });

  it('knows an erased user by any name and by the id, and is lifted of all names, but not of the id', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'back', { email: 'Back@example.com' });
    await hide(realm, [{ uid: 'back' }]);
    const { suppressions: names } = await suppressions(realm);
    for (const address of [{ uid: 'back' }, { uid: 'bACK@example.com' }, { uid: user.userId }, { userId: user.userId.toUpperCase() }]) {
      const answer = await check(realm, address);
      expect(answer.since).toBe(names[0]!.suppressedAt);
      expect(answer.suppressions).toEqual(expect.arrayContaining(names));
    }
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
    await app.call(profiles.liftSuppression, { realmId: realm, nameHash: names[0]!.nameHash, actor });
    expect(await suppressions(realm)).toEqual({ suppressions: [], nextCursor: null });
    for (const uid of ['back', 'back@example.com']) expect(await check(realm, { uid })).toEqual({ since: null, suppressions: [] });
    expect(await check(realm, { userId: user.userId })).toEqual({ since: names[0]!.suppressedAt, suppressions: [] });
    const repeated = { ...app.upsertRequest(realm, '-', {}, { newUserId: user.userId }), externalId: undefined };
    expect(await app.failure(profiles.upsertUser, repeated)).toMatchObject({ code: 'user-erased' });
    expect((await late(realm, 'back')).user.userId).not.toBe(user.userId);
  });

  it('stands while something is left of the user to erase', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'going');
    await hide(realm, [{ uid: 'going' }]);
    const request = { realmId: realm, nameHash: await newest(realm), actor };
    expect(await app.failure(profiles.liftSuppression, request)).toMatchObject({ kind: 'conflict', code: 'erasure-running' });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'going'))).toMatchObject({ code: 'user-erased' });
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
    await app.call(profiles.liftSuppression, request);
  });

  it('is lifted by one of those who try at once, in its own realm only, and audited once', async () => {
    const realm = newRealm();
    const { user } = await app.upsert(realm, 'once');
    await hide(realm, [{ uid: 'once' }]);
    await app.call(profiles.eraseProfile, { realmId: realm, userIds: [user.userId] });
    const nameHash = await newest(realm);
    expect(await app.failure(profiles.liftSuppression, { realmId: newRealm(), nameHash, actor })).toMatchObject({ kind: 'not-found', code: 'suppression-not-found' });
    const lifts = await Promise.allSettled(range(6).map((n) => (n % 2 === 0 ? app : replica).call(profiles.liftSuppression, { realmId: realm, nameHash, actor })));
    expect(lifts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lifts.filter((lift) => lift.status === 'rejected' && !String(lift.reason).includes('suppression-not-found'))).toEqual([]);
    const rows = await app.database.query('SELECT actor_id AS actor, project_id AS project, before_fields AS before FROM audit_entries WHERE target_id = $1', [nameHash]);
    expect(rows).toEqual([{ actor: 'admin-1', project: realm, before: ['external-id'] }]);
  });
});
