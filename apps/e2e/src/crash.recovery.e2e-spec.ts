import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, RunningPlatform, type Part } from '#libs/platform/testing';
import { platform as shared } from './platform-under-test.js';

/** A platform of its own, because its parts are killed. */
let platform: RunningPlatform;
let basic: readonly [string, string];

beforeAll(async () => {
  platform = await RunningPlatform.start(shared.topology);
  const { engagement } = await platform.demo();
  basic = [engagement.key, engagement.secret];
}, 120_000);

afterAll(async () => {
  await platform?.stop();
}, 30_000);

/** Twenty clients at a time do the same. */
async function atOnce(client: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: 20 }, client));
}

/** Upserts `count` users; a refused or cut-off one is not tried again. */
async function upsert(prefix: string, count: number, onAnswer: (answered: number) => void): Promise<string[]> {
  const acknowledged: string[] = [];
  let next = 0;
  await atOnce(async () => {
    while (next < count) {
      const uid = `${prefix}-${(next += 1)}`;
      const status = await platform.api.post('/v1/users', { basic, body: { id: uid, first_name: uid, meta: { n: next } } }).then((answer) => answer.status, () => 0);
      if (status === 200) acknowledged.push(uid);
      onAnswer(acknowledged.length);
    }
  });
  return acknowledged;
}

describe('kill -9 in the middle of a thousand upserts', () => {
  const killed: readonly Part[] = shared.topology === 'all-in-one' ? ['all'] : ['profiles', 'workers', 'gateway'];

  it.each(killed)('of %s loses no acknowledged one, and has each one’s event processed once', async (part) => {
    let kill: Promise<void> | undefined;
    const acknowledged = await upsert(`crash-${part}`, 1_000, (answered) => {
      if (answered >= 300) kill ??= platform.kill(part).then(() => platform.launch(part));
    });
    await kill;
    await platform.untilReady();
    // Otherwise nothing was killed in the middle of anything (the workers take no part in an upsert).
    if (part !== 'workers') expect(acknowledged.length).toBeLessThan(1_000);
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);

    const unread = [...acknowledged];
    const missing: string[] = [];
    await atOnce(async () => {
      for (let uid = unread.pop(); uid !== undefined; uid = unread.pop()) {
        const answer = await platform.api.get(`/v1/users/${uid}`, { basic });
        if (answer.status !== 200 || answer.body.first_name !== uid) missing.push(uid);
      }
    });
    expect(missing).toEqual([]);

    const stored = await platform.query<{ user_id: string }>('profiles', `SELECT user_id FROM users WHERE external_id LIKE $1`, [`crash-${part}-%`]);
    await eventually(async () => {
      const processed = await platform.query<{ user_id: string; times: string }>(
        'operations',
        `SELECT data->>'userId' AS user_id, count(*) AS times FROM feed WHERE type = 'profiles.user.changed' AND data->>'userId' = ANY ($1) GROUP BY 1`,
        [stored.map((row) => row.user_id)],
      );
      expect(processed.length).toBe(stored.length);
      expect(processed.filter(({ times }) => Number(times) !== 1)).toEqual([]);
    }, 30_000);
  }, 120_000);
});

describe('a user who is being erased while the part that does it is killed', () => {
  const doer: Part = shared.topology === 'all-in-one' ? 'all' : 'workers';

  it('is erased all the same', async () => {
    const { environment } = await platform.demo();
    const token = async () => (await platform.api.post('/oauth2/token', { body: { grant_type: 'client_credentials', ...environment.events } })).body.access_token as string;
    const uids = Array.from({ length: 100 }, (_, index) => `doomed-${index}`);
    await Promise.all(uids.map((id) => platform.api.post('/v1/users', { basic, body: { id, email: `${id}@example.com` } })));
    const deleted = await platform.api.put('/delete-users', { bearer: await token(), body: { data: uids } });
    expect(deleted.body.data).toEqual(uids);
    await platform.kill(doer);
    await platform.launch(doer);
    await platform.untilReady();
    await eventually(async () => {
      const job = await platform.api.get(`/delete-users/${String(deleted.body.job_id)}`, { bearer: await token() });
      expect(job.body.data).toMatchObject({ state: 'done', receipt: { users: 100 } });
    }, 60_000);
    expect(await platform.query('profiles', `SELECT FROM users WHERE email LIKE 'doomed-%' OR external_id LIKE 'doomed-%'`)).toEqual([]);
  }, 120_000);
});

describe('kill -9 in the middle of registrations', () => {
  const killed: readonly Part[] = shared.topology === 'all-in-one' ? ['all'] : ['identity', 'profiles'];

  /** @returns the users whose registration was answered */
  async function registerWhileKilling(part: Part): Promise<string[]> {
    const { apiKey, project } = await platform.demo();
    const registered: string[] = [];
    let next = 0;
    let kill: Promise<void> | undefined;
    await atOnce(async () => {
      while (next < 150) {
        const username = `half-${part}-${(next += 1)}`;
        const body = { username, email: `${username}@example.com`, password: 'correct horse battery', roles: ['viewer'] };
        const answer = await platform.api.post(`/${project.slug}/users/register`, { headers: { 'x-api-key': apiKey }, body }).catch(() => undefined);
        if (answer?.status === 200) registered.push(answer.body.result as string);
        if (registered.length >= 40) kill ??= platform.kill(part).then(() => platform.launch(part));
      }
    });
    await kill;
    await platform.untilReady();
    expect(registered.length).toBeLessThan(150);
    return registered;
  }

  // One part after the other, and then one wait: what was broken off is left alone for 30 s.
  it('leaves whole users and no half ones, once what was broken off is taken care of', async () => {
    const registered: string[] = [];
    for (const part of killed) registered.push(...(await registerWhileKilling(part)));
    await eventually(async () => {
      const logins = await platform.query<{ user_id: string; status: string }>('identity', 'SELECT user_id, status FROM logins WHERE user_name LIKE $1', ['half-%']);
      const profiles = await platform.query<{ user_id: string; roles: string[] }>('profiles', 'SELECT u.user_id, d.roles FROM users u LEFT JOIN directory d USING (realm_id, user_id) WHERE u.email LIKE $1 AND u.hidden_by IS NULL', ['half-%']);
      const ids = logins.map(({ user_id }) => user_id).sort();
      expect(logins.filter(({ status }) => status !== 'active')).toEqual([]);
      expect(profiles.map(({ user_id }) => user_id).sort()).toEqual(ids);
      expect(profiles.filter(({ roles }) => roles.join() !== 'viewer')).toEqual([]);
      const members = await platform.query<{ user_id: string }>('membership', 'SELECT user_id FROM project_members WHERE user_id = ANY ($1) AND role = $2', [ids, 'viewer']);
      expect(members).toHaveLength(ids.length);
      expect(ids).toEqual(expect.arrayContaining(registered));
    }, 90_000);
  }, 180_000);
});
