import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, platform, query, unique } from './platform-under-test.js';

const headers = { 'x-api-key': platform.demo.superAdmin.apiKey };

interface Event {
  id: string;
  type: string;
  subject: string;
  sequence: string;
  data: { user_id?: string; version?: number; changed?: string[]; erased?: boolean; user?: { uid: string; email: string | null; version: number } | null };
}

let projectId: string;
let basic: [key: string, secret: string];
const feed = async (question = '') => api.get(`/v1/admin/projects/${projectId}/events-feed${question}`, { headers });

/** Everything after a place, by pages of some size. */
async function all(after: string, limit: number): Promise<Event[]> {
  const events: Event[] = [];
  for (let place = after; ; ) {
    const { body } = await feed(`?after=${place}&limit=${limit}`);
    events.push(...(body.events as Event[]));
    place = body.next_after as string;
    if (body.has_more === false) return events;
  }
}

beforeAll(async () => {
  const slug = unique('feed');
  projectId = (await api.post('/v1/admin/projects', { headers, body: { org_id: platform.demo.org.id, name: slug, slug } })).body.project_id as string;
  const { key, secret } = (await api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
  basic = [key, secret];
});

describe('the events feed of a project', () => {
  it('shows what a caller has just done, in order, and each change that the databases know', async () => {
    const uids = [1, 2, 3].map((number) => `feed-${number}`);
    for (const uid of uids) await api.post('/v1/users', { basic, body: { id: uid, email: `${uid}@example.com` } });
    for (const first_name of ['Ada', 'Grace']) await Promise.all(uids.map((uid) => api.put(`/v1/users/${uid}`, { basic, body: { first_name } })));
    await api.post('/v1/users/feed-1/events', { basic, body: { event: 'Paid' } });
    const made = (await api.post(`/v1/admin/projects/${projectId}/lists`, { headers, body: { name: 'news' } })).body as { list_id: string };

    const events = await all('0', 2);
    expect(events).toEqual(await all('0', 100));
    expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, place) => place + 1));
    const ofUsers = events.filter(({ type }) => type === 'rollcall.user.created' || type === 'rollcall.user.updated');
    const truth = await query<{ id: string; user_id: string; version: number }>('profiles', `SELECT id, data->>'userId' AS user_id, (data->>'version')::int AS version FROM outbox WHERE type = 'profiles.user.changed' AND data->>'realmId' = $1 ORDER BY sequence`, [projectId]);
    expect(truth).toHaveLength(9);
    // Users whose changes come at once have no order among one another.
    for (const userId of new Set(truth.map(({ user_id }) => user_id))) {
      const told = ofUsers.filter(({ subject }) => subject === userId);
      expect(told.map(({ id, subject, data }) => ({ id, user_id: subject, version: data.version }))).toEqual(truth.filter(({ user_id }) => user_id === userId));
      for (const { data } of told) expect([data.erased, data.user?.email]).toEqual([false, `${data.user!.uid}@example.com`]);
    }
    expect(ofUsers).toHaveLength(truth.length);
    expect(events.filter(({ type }) => type === 'rollcall.user.tracked').map(({ data }) => data.user?.uid)).toEqual(['feed-1']);
    expect(events.filter(({ type }) => type === 'rollcall.list.created')).toMatchObject([{ subject: made.list_id, data: { list_id: made.list_id } }]);
  });

  it('never shows an erased user’s values, in no event of theirs', async () => {
    const { body } = await api.get('/v1/users/feed-2', { basic });
    const { next_after } = (await feed('?after=latest')).body as { next_after: string };
    expect((await api.delete('/v1/users/feed-2', { basic })).status).toBe(200);
    const erased = (await all(next_after, 100)).filter(({ subject }) => subject === body.id);
    expect(erased.at(-1)).toMatchObject({ type: 'rollcall.user.erased', data: { user_id: body.id, user: null, erased: true } });
    const answer = await feed('?after=0&limit=1000');
    expect(answer.text).not.toContain('feed-2');
    expect((answer.body.events as Event[]).filter(({ subject }) => subject === body.id).length).toBeGreaterThan(3);
  });

  it('tells roles and logins of its users too', async () => {
    const { next_after } = (await feed('?after=latest')).body as { next_after: string };
    const username = unique('feed-login');
    const registered = await api.post(`/${projectId}/users/register`, { headers, body: { username, email: `${username}@example.com`, password: 'correct horse battery', roles: ['viewer'] } });
    await eventually(async () => {
      const types = new Set((await all(next_after, 100)).filter(({ subject }) => subject === registered.body.result).map(({ type }) => type));
      expect([...types].sort()).toEqual(expect.arrayContaining(['rollcall.user.created', 'rollcall.user.login_changed', 'rollcall.user.roles_changed']));
    });
  });

  it.each([
    ['?after=-1', 'after'],
    ['?after=soon', 'after'],
    ['?after=999999999999999', 'ends at'],
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?types=rollcall.user.promoted', 'types'],
    ['?types=', 'types'],
    ['?types=rollcall.nothing.*', 'types'],
  ])('refuses %s and says what is wrong', async (question, word) => {
    const answer = await feed(question);
    expect([answer.status, answer.text.includes(word)]).toEqual([400, true]);
  });

  it('answers 410 to who comes after what is kept', async () => {
    await query('operations', 'DELETE FROM project_feed WHERE project_id = $1 AND position <= 3', [projectId]);
    expect(await feed('?after=2')).toMatchObject({ status: 410, body: { code: 'feed-position-expired' } });
    expect((await feed('?after=3&limit=1')).body.events).toMatchObject([{ sequence: '0000000000000004' }]);
    expect((await feed('?limit=1')).body.events).toMatchObject([{ sequence: '0000000000000004' }]);
  });
});
