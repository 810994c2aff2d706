import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { operations, profiles, staffRealmId } from '#libs/contracts';
import { Database, SessionLock } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { event } from '#libs/platform/events';
import { eventually, pause } from '#libs/platform/testing';
import { profileOf } from '../spec-support/a-profile.js';
import { WorkersApp } from '../spec-support/workers-app.js';
import { CollectFeed } from './collect-feed.js';
import { TrimProjectFeed } from './trim-project-feed.js';

let app: WorkersApp;
beforeAll(async () => {
  app = await WorkersApp.start();
});

type Question = { after?: number | 'latest'; limit?: number; types?: operations.FeedType[] };
const read = (projectId: string, question: Question = {}) => app.call(operations.readFeed, { projectId, limit: 100, ...question });
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (error: unknown) => (isFailure(error) ? error.value.code : String(error)));
const collect = () => app.provider(CollectFeed).collect({ requestId: 'spec' });
const changed = (realmId: string, userId: string, version: number) => event(profiles.userChanged, { realmId, userId, version, created: version === 1, facts: ['email'] });

describe('the feed of a project', () => {
  it('holds what many write at once without a gap, each user in the order of their changes, for readers who follow from different places', async () => {
    const [realmId, users, each] = [uuidv7(), Array.from({ length: 6 }, () => uuidv7()), 12];
    await app.feedSources.database.execute('CREATE TABLE spec_users (user_id uuid PRIMARY KEY, version integer NOT NULL DEFAULT 0)');
    await app.feedSources.database.execute('INSERT INTO spec_users (user_id) SELECT unnest($1::uuid[])', [users]);
    const change = (userId: string) =>
      app.feedSources.happenIn(async (tx) => {
        const [row] = await tx.query<{ version: number }>('UPDATE spec_users SET version = version + 1 WHERE user_id = $1 RETURNING version', [userId]);
        return [changed(realmId, userId, row!.version)];
      }, Math.random() * 12);

    let writing = true;
    const follow = async (start: number | undefined) => {
      const seen: operations.CloudEvent[] = [];
      for (let after = start; ; ) {
        const last = !writing;
        const { events, next, hasMore } = await read(realmId, { limit: 7, ...(after === undefined ? {} : { after }) });
        seen.push(...events);
        after = next;
        if (last && !hasMore) return seen;
      }
    };
    const readers = [follow(undefined), follow(0)];
    // Collectors beside the one that the events themselves wake, one of them without its answers coming back.
    const collecting = (async () => {
      while (writing) await Promise.all([collect(), collect()]).catch(() => undefined);
    })();
    await Promise.all(users.map(async (userId, index) => {
      for (let time = 0; time < each; time += 1) {
        app.feedSources.mute = index === 0 && time % 5 === 0;
        await change(userId);
      }
    }));
    app.feedSources.mute = false;
    writing = false;
    await collecting;
    const [one, other] = await Promise.all(readers);
    expect(one).toHaveLength(users.length * each);
    expect(other).toEqual(one);
    expect(one!.map(({ sequence }) => Number(sequence))).toEqual(one!.map((_, place) => place + 1));
    for (const userId of users) expect(one!.filter(({ subject }) => subject === userId).map(({ data }) => data['version'])).toEqual(Array.from({ length: each }, (_, place) => place + 1));
    const outbox = await app.feedSources.database.query<{ id: string }>(`SELECT id FROM outbox WHERE data->>'realmId' = $1`, [realmId]);
    expect(one!.map(({ id }) => id).sort()).toEqual(outbox.map(({ id }) => id).sort());
  });

  it('tells what is known of a user now, and of one who is erased nothing but the id', async () => {
    const [realmId, ada, gone] = [uuidv7(), uuidv7(), uuidv7()];
    app.feedSources.profiles.set(ada, profileOf(realmId, ada));
    await app.feedSources.happen(changed(realmId, ada, 1), changed(realmId, gone, 1), event(profiles.usersHidden, { realmId, erasureId: uuidv7(), userIds: [gone], requestedBy: 'x' }));
    const { events } = await read(realmId);
    expect(events[0]).toEqual({
      specversion: '1.0',
      id: expect.any(String),
      source: `/v1/admin/projects/${realmId}`,
      type: 'rollcall.user.created',
      subject: ada,
      time: expect.stringMatching(/Z$/),
      datacontenttype: 'application/json',
      sequence: '0000000000000001',
      data: { user_id: ada, version: 1, changed: ['email'], erased: false, user: expect.objectContaining({ user_id: ada, uid: 'ada', email: 'ada@example.com', attributes: { plan: 'pro' }, version: 3 }) },
    });
    expect(events.slice(1).map(({ type, data }) => [type, data['user'], data['erased'], data['user_id']])).toEqual([['rollcall.user.created', null, true, gone], ['rollcall.user.erased', null, true, gone]]);
    app.feedSources.profiles.delete(ada);
    expect(JSON.stringify(await read(realmId))).not.toMatch(/ada@|Ada|"pro"/);
  });

  it('tells an event about several users of each of them, under an id of its own', async () => {
    const [realmId, userIds] = [uuidv7(), [uuidv7(), uuidv7()]];
    await app.feedSources.happen(event(profiles.eventsTracked, { realmId, userIds: [...userIds, userIds[0]!] }));
    const { events } = await read(realmId);
    expect(events.map(({ type, subject }) => [type, subject])).toEqual(userIds.map((userId) => ['rollcall.user.tracked', userId]));
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  it('is asked for some types only, and goes on behind those that were passed over', async () => {
    const [realmId, userId] = [uuidv7(), uuidv7()];
    await app.feedSources.happen(changed(realmId, userId, 1), changed(realmId, userId, 2), event(profiles.listRemoved, { realmId, listId: uuidv7() }), changed(realmId, userId, 3));
    const types = ['rollcall.user.created', 'rollcall.list.deleted'] as const;
    const first = await read(realmId, { types: [...types], limit: 1 });
    expect([first.events[0]!.type, first.next, first.hasMore]).toEqual(['rollcall.user.created', 1, true]);
    const second = await read(realmId, { types: [...types], after: first.next });
    expect([second.events.map(({ type }) => type), second.next, second.hasMore]).toEqual([['rollcall.list.deleted'], 4, false]);
  });

  it('says from when on it is whole: what was removed is no silent gap', async () => {
    const [realmId, userId] = [uuidv7(), uuidv7()];
    expect(await read(realmId)).toEqual({ events: [], next: 0, hasMore: false });
    for (const version of [1, 2, 3, 4]) await app.feedSources.happen(changed(realmId, userId, version));
    expect((await read(realmId, { after: 'latest' })).next).toBe(4);
    await app.query(`UPDATE project_feed SET fed_at = now() - interval '31 days' WHERE project_id = $1 AND position <= 2`, [realmId]);
    expect(await app.provider(TrimProjectFeed).trim()).toEqual({ removed: 2 });
    expect(await codeOf(read(realmId, { after: 1 }))).toBe('feed-position-expired');
    for (const after of [undefined, 2]) expect((await read(realmId, after === undefined ? {} : { after })).events.map(({ sequence }) => Number(sequence))).toEqual([3, 4]);
    expect(await codeOf(read(realmId, { after: 5 }))).toBe('feed-position-unknown');
    await app.query(`UPDATE project_feed SET fed_at = now() - interval '31 days' WHERE project_id = $1`, [realmId]);
    await app.provider(TrimProjectFeed).trim();
    expect(await codeOf(read(realmId, { after: 3 }))).toBe('feed-position-expired');
    expect(await read(realmId, { after: 4 })).toEqual({ events: [], next: 4, hasMore: false });
    await app.feedSources.happen(changed(realmId, userId, 5));
    expect((await read(realmId)).events.map(({ sequence }) => Number(sequence))).toEqual([5]);
  });

  it('passes over what is no event, and what is about no project', async () => {
    const [realmId, userId, lines] = [uuidv7(), uuidv7(), app.log.records.length];
    await app.feedSources.database.execute(`INSERT INTO outbox (id, type, data, request_id) VALUES (gen_random_uuid(), 'profiles.user.changed', '{"poison": true}', 'spec'), (gen_random_uuid(), 'profiles.never.heard-of', '{}', 'spec')`);
    await app.feedSources.happen(changed(staffRealmId, userId, 1), changed(realmId, userId, 1));
    expect((await read(realmId)).events).toHaveLength(1);
    expect(await app.query('SELECT FROM project_feed WHERE project_id = $1', [staffRealmId])).toEqual([]);
    expect(await app.feedSources.database.query('SELECT FROM outbox WHERE fed_at IS NULL')).toEqual([]);
    const told = app.log.records.slice(lines).filter(({ msg }) => msg === 'an event is none that can be told in a feed, passing it over');
    expect(new Set(told.map(({ eventType }) => eventType))).toEqual(new Set(['profiles.user.changed', 'profiles.never.heard-of']));
  });

  it('is filled when nobody asks, and answered while a service is away', async () => {
    const [realmId, userId] = [uuidv7(), uuidv7()];
    await app.feedSources.happen(changed(realmId, userId, 1));
    await eventually(async () => expect(await app.query('SELECT FROM project_feed WHERE project_id = $1', [realmId])).toHaveLength(1));
    app.feedSources.away = true;
    await app.feedSources.happen(changed(realmId, userId, 2));
    expect((await read(realmId)).events).toHaveLength(1);
    app.feedSources.away = false;
    expect((await read(realmId, { after: 1 })).events).toHaveLength(1);
  });

  it('is filled by one process at a time; who was told of something meanwhile looks when that one is done', async () => {
    const turn = await eventually(async () => {
      const taken = await SessionLock.take(app.provider(Database), 'feed');
      return taken ?? Promise.reject(new Error('the feeds are being filled'));
    });
    const looks = () => app.feedSources.looks.filter((requestId) => requestId === 'feed').length;
    const before = looks();
    await app.feedSources.happen(changed(uuidv7(), uuidv7(), 1));
    app.provider(CollectFeed).nudge(profiles.userChanged.type);
    await pause(400);
    expect(looks()).toBe(before);
    await turn.unlock();
    await eventually(() => expect(looks()).toBeGreaterThan(before));
  });
});
