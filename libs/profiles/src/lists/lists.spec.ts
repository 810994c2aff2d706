import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const range = (count: number) => [...Array(count).keys()];
const create = (realmId: string, name = 'News') => app.call(profiles.createList, { realmId, listId: uuidv7(), name, actor: systemActor });
const subscribing = (realmId: string, uid: string, listId: string, subscribed: boolean) => ({ realmId, user: { uid }, listId, subscribed, actor: systemActor });
const subscribe = (...given: Parameters<typeof subscribing>) => app.call(profiles.setSubscription, subscribing(...given));
const hide = (realmId: string, uid: string) => app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });
const listsOf = async (realmId: string, uid: string) => (await app.get(realmId, uid)).lists;

describe('lists', () => {
  it('are made once per id, renamed, paged through newest first, and removed', async () => {
    const realmId = uuidv7();
    const request = { realmId, listId: uuidv7(), name: 'First', actor: systemActor };
    const first = await app.call(profiles.createList, request);
    expect(await app.call(profiles.createList, { ...request, name: 'Again' })).toEqual(first);
    const second = await create(realmId, 'Second');
    const third = await create(realmId, 'Third');
    const page = await app.call(profiles.listLists, { realmId, limit: 2 });
    expect(page.lists).toEqual([third, second]);
    await create(realmId, 'Fourth');
    expect(await app.call(profiles.listLists, { realmId, limit: 2, cursor: page.nextCursor! })).toEqual({ lists: [first], nextCursor: null });
    expect(await app.failure(profiles.listLists, { realmId: uuidv7(), limit: 2, cursor: page.nextCursor! })).toMatchObject({ code: 'invalid-cursor' });

    expect(await app.call(profiles.renameList, { realmId, listId: first.listId, name: 'Renamed', actor: systemActor })).toMatchObject({ listId: first.listId, name: 'Renamed' });
    await app.call(profiles.removeList, { realmId, listId: first.listId, actor: systemActor });
    const gone = { kind: 'not-found', code: 'list-not-found' };
    expect(await app.failure(profiles.getList, { realmId, listId: first.listId })).toMatchObject(gone);
    expect(await app.failure(profiles.removeList, { realmId, listId: first.listId, actor: systemActor })).toMatchObject(gone);
    expect(await app.failure(profiles.renameList, { realmId, listId: first.listId, name: 'x', actor: systemActor })).toMatchObject(gone);
    const told = [...(await app.outbox<{ realmId: string }>('profiles.list.changed')), ...(await app.outbox<{ realmId: string }>('profiles.list.removed'))].filter((data) => data.realmId === realmId);
    expect(told.map(({ realmId: _, ...data }) => data)).toEqual([
      { listId: first.listId, created: true }, { listId: second.listId, created: true }, { listId: third.listId, created: true }, { listId: expect.any(String), created: true }, { listId: first.listId, created: false }, { listId: first.listId },
    ]);
  });

  it('of another realm are not there', async () => {
    const realmId = uuidv7();
    const { listId } = await create(uuidv7());
    await app.upsert(realmId, 'u');
    expect(await app.failure(profiles.getList, { realmId, listId })).toEqual(await app.failure(profiles.getList, { realmId, listId: uuidv7() }));
    expect(await app.failure(profiles.setSubscription, subscribing(realmId, 'u', listId, true))).toMatchObject({ code: 'list-not-found' });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realmId, 'u', { lists: [listId] }))).toMatchObject({ code: 'invalid-profile' });
  });

  it('can\'t be more than a project may have, however many are made at once', async () => {
    const realmId = uuidv7();
    await app.database.execute(`INSERT INTO lists (realm_id, list_id, name, created_by, modified_by) SELECT $1::uuid, gen_random_uuid(), 'n', 's', 's' FROM generate_series(3, $2::int)`, [realmId, profiles.mostLists]);
    const made = await Promise.allSettled(range(5).map(() => create(realmId)));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await app.failure(profiles.createList, { realmId, listId: uuidv7(), name: 'n', actor: systemActor })).toMatchObject({ kind: 'conflict', code: 'list-limit' });
  });
});

describe('subscribing', () => {
  it('by an upsert adds to the lists the user is on, answers them, and tells of it', async () => {
    const realmId = uuidv7();
    const [a, b, c] = [await create(realmId), await create(realmId), await create(realmId)].map(({ listId }) => listId) as [string, string, string];
    const made = await app.upsert(realmId, 'u', { lists: [b, a, b.toUpperCase()] });
    expect(await app.get(realmId, 'u')).toEqual(made.user);
    expect(made.user.lists).toEqual([{ id: b, subscribed: true }, { id: a, subscribed: true }]);
    const again = await app.upsert(realmId, 'u', { lists: [a] });
    expect(again.user).toEqual(made.user);
    const more = await app.upsert(realmId, 'u', { lists: [c, a], firstName: 'U' });
    expect(more.user.lists).toEqual([b, a, c].map((id) => ({ id, subscribed: true })));
    expect(more.user.version).toBe(made.user.version + 1);
    expect(await app.get(realmId, 'u')).toEqual(more.user);
    expect((await app.call(profiles.listUsersByInsertion, { realmId, limit: 1 })).users).toMatchObject([{ lists: more.user.lists }]);
    expect((await app.call(profiles.listNewestUsers, { realmId, limit: 1 })).users).toMatchObject([{ lists: more.user.lists }]);
    const facts = (await app.outbox<{ realmId: string; facts: string[] }>('profiles.user.changed')).filter((data) => data.realmId === realmId).map((data) => data.facts);
    expect(facts).toEqual([['externalId', 'lists'], ['firstName', 'lists'].sort()]);
  });

  it('to a list that is not there writes nothing, and names the place', async () => {
    const realmId = uuidv7();
    const { listId } = await create(realmId);
    for (const unknown of [uuidv7(), 'news', '']) {
      expect(await app.failure(profiles.upsertUser, app.upsertRequest(realmId, 'u', { lists: [listId, unknown] }))).toMatchObject({ kind: 'invalid', code: 'invalid-profile', details: [{ path: 'lists[1]' }] });
    }
    expect(await app.failure(profiles.getUser, { realmId, user: { uid: 'u' } })).toMatchObject({ code: 'user-not-found' });
  });

  it('of many users at once refuses only those that name a list that is not there', async () => {
    const realmId = uuidv7();
    const { listId } = await create(realmId);
    const answers = await Promise.allSettled(range(60).map((n) => app.upsert(realmId, `u${n}`, { lists: [n % 10 === 0 ? uuidv7() : listId] })));
    expect(answers.map(({ status }) => status)).toEqual(range(60).map((n) => (n % 10 === 0 ? 'rejected' : 'fulfilled')));
    expect(await listsOf(realmId, 'u1')).toEqual([{ id: listId, subscribed: true }]);
  });

  it('ends and begins again, for one user and one list', async () => {
    const realmId = uuidv7();
    const [a, b] = [await create(realmId), await create(realmId)].map(({ listId }) => listId) as [string, string];
    const before = (await app.upsert(realmId, 'u', { lists: [a, b] })).user;
    const left = await subscribe(realmId, 'u', a, false);
    expect([left.lists, left.version]).toEqual([[{ id: a, subscribed: false }, { id: b, subscribed: true }], before.version + 1]);
    expect(await subscribe(realmId, 'u', a, false)).toEqual(left);
    expect((await app.upsert(realmId, 'u', { lists: [a] })).user.lists).toEqual(before.lists);
    expect(await app.failure(profiles.setSubscription, subscribing(realmId, 'nobody', a, true))).toMatchObject({ code: 'user-not-found' });
    expect(await app.failure(profiles.setSubscription, subscribing(realmId, 'u', uuidv7(), true))).toMatchObject({ code: 'list-not-found' });
  });

  it('loses nothing and breaks nothing while the list is removed', async () => {
    for (const _ of range(5)) {
      const realmId = uuidv7();
      const { listId } = await create(realmId);
      const [removal, ...joins] = await Promise.allSettled([app.call(profiles.removeList, { realmId, listId, actor: systemActor }), ...range(20).map((n) => app.upsert(realmId, `u${n}`, { lists: [listId] }))]);
      expect(removal.status).toBe('fulfilled');
      for (const join of joins) if (join.status === 'rejected') expect(join.reason).toMatchObject({ value: { code: 'invalid-profile' } });
      for (const [n, join] of joins.entries()) if (join.status === 'fulfilled') expect(await listsOf(realmId, `u${n}`)).toEqual([]);
    }
  });

  it('outlives no user: an erased one\'s is gone, and somebody new under the name is on no list', async () => {
    const realmId = uuidv7();
    const { listId } = await create(realmId);
    const { user } = await app.upsert(realmId, 'u', { lists: [listId] });
    await hide(realmId, 'u');
    expect(await app.failure(profiles.setSubscription, subscribing(realmId, 'u', listId, false))).toMatchObject({ kind: 'gone', code: 'user-erased' });
    expect((await app.call(profiles.eraseProfile, { realmId, userIds: [user.userId] })).erased).toMatchObject({ list_subscriptions: 1, users: 1 });
    expect((await app.upsert(realmId, 'u', {}, { recreateErased: true })).user.lists).toEqual([]);
  });

  it('goes over in a merge; where both said something, the destination\'s word stays', async () => {
    const realmId = uuidv7();
    const [a, b, c] = [await create(realmId), await create(realmId), await create(realmId)].map(({ listId }) => listId) as [string, string, string];
    await app.upsert(realmId, 'src', { lists: [a, b] });
    await app.upsert(realmId, 'dst', { lists: [c, b] });
    await subscribe(realmId, 'dst', b, false);
    const { user: merged } = await app.call(profiles.mergeUsers, { realmId, source: { uid: 'src' }, destination: { uid: 'dst' }, erasureId: uuidv7(), actor: systemActor });
    expect(Object.fromEntries(merged.lists.map(({ id, subscribed }) => [id, subscribed]))).toEqual({ [a]: true, [b]: false, [c]: true });
    expect(await app.database.query('SELECT user_id FROM list_subscriptions WHERE realm_id = $1 AND user_id <> $2', [realmId, merged.userId])).toEqual([]);
  });
});
