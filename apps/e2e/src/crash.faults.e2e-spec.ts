import { describe, expect, it } from '@jest/globals';
import { eventually, type Part } from '#libs/platform/testing';
import { answerOf, atOnce, platform, sized, topology } from './fault-world.js';
import { movingUser, planThatStays } from './moving-user.js';
import { environmentToken, keyAndSecret as basic, unique } from './platform-under-test.js';

const allInOne = topology === 'all-in-one';

/** Kills a part as soon as so many were answered, and starts it again. */
function killWhen(part: Part, enough: number): { after(answered: number): void; readonly over: Promise<void>; done(): Promise<void> } {
  let killing: Promise<void> | undefined;
  let tell = (): void => undefined;
  return {
    after: (answered) => {
      if (answered >= enough) killing ??= platform.kill(part).then(() => platform.launch(part)).finally(tell);
    },
    /** Whoever waited for the part until then will hear nothing. */
    over: new Promise((resolve) => (tell = resolve)),
    done: async () => {
      await killing;
      await platform.untilReady();
    },
  };
}

/** What needs time to heal (a broker waits for the dead, and what is broken off is left alone for a while) is looked at once everything has been broken. */
const checks: [title: string, check: () => Promise<void>][] = [];
const afterwards = (title: string, check: () => Promise<void>): void => void checks.push([title, check]);

describe('before all of that', () => {
  it('an end user’s token has its claims written', async () => {
    const mover = await movingUser();
    afterwards('those claims are not written again', async () => expect(await mover.planAt(platform.api)).toEqual(planThatStays));
  });
});

describe('kill -9 in the middle of upserts', () => {
  const count = sized(400, 1_000);
  const killed: readonly Part[] = allInOne ? ['all'] : sized(['profiles'], ['workers', 'profiles', 'gateway']);
  const prefixes = new Map(killed.map((part) => [part, unique(`crash-${part}`)]));

  /** A refused or cut-off one is not tried again. */
  async function upsert(prefix: string, onAnswer: (answered: number) => void): Promise<string[]> {
    const acknowledged: string[] = [];
    let next = 0;
    await atOnce(async () => {
      while (next < count) {
        const uid = `${prefix}-${(next += 1)}`;
        const { status } = await answerOf(platform.api.post('/v1/users', { basic, body: { id: uid, first_name: uid, meta: { n: next } } }));
        if (status === 200) acknowledged.push(uid);
        onAnswer(acknowledged.length);
      }
    });
    return acknowledged;
  }

  it.each(killed)('of %s loses no acknowledged one', async (part) => {
    const kill = killWhen(part, count * 0.3);
    const acknowledged = await upsert(prefixes.get(part)!, kill.after);
    await kill.done();
    // Otherwise nothing was killed in the middle of anything (the workers take no part in an upsert).
    if (part !== 'workers') expect(acknowledged.length).toBeLessThan(count);
    expect(acknowledged.length).toBeGreaterThanOrEqual(count * 0.3);
    const stored = await platform.query<{ uid: string }>('profiles', 'SELECT external_id AS uid FROM users WHERE external_id = ANY ($1) AND first_name = external_id', [acknowledged]);
    expect(stored.map(({ uid }) => uid).sort()).toEqual(acknowledged.sort());
    const some = await Promise.all(acknowledged.slice(0, 20).map((uid) => platform.api.get(`/v1/users/${uid}`, { basic })));
    expect(some.map(({ body }) => body.first_name)).toEqual(acknowledged.slice(0, 20));
  });

  afterwards('the event of each user who was upserted has been processed once', async () => {
    const stored = await platform.query<{ user_id: string }>('profiles', 'SELECT user_id FROM users WHERE external_id LIKE ANY ($1)', [[...prefixes.values()].map((prefix) => `${prefix}-%`)]);
    const processed = await platform.query<{ user_id: string; times: string }>(
      'operations',
      `SELECT data->>'userId' AS user_id, count(*) AS times FROM feed WHERE type = 'profiles.user.changed' AND data->>'userId' = ANY ($1) GROUP BY 1`,
      [stored.map((row) => row.user_id)],
    );
    expect(processed.length).toBe(stored.length);
    expect(processed.filter(({ times }) => Number(times) !== 1)).toEqual([]);
  });
});

describe('kill -9 in the middle of registrations', () => {
  const count = sized(60, 150);
  const killed: readonly Part[] = allInOne ? ['all'] : sized(['profiles'], ['identity', 'profiles']);
  const prefix = unique('half');
  const registered: string[] = [];

  it.each(killed)('of %s: some are not answered', async (part) => {
    const { apiKey, project } = await platform.demo();
    const before = registered.length;
    const kill = killWhen(part, before + count / 4);
    let next = 0;
    await atOnce(async () => {
      while (next < count) {
        const username = `${prefix}-${part}-${(next += 1)}`;
        const body = { username, email: `${username}@example.com`, password: 'correct horse battery', roles: ['viewer'] };
        const answer = await answerOf(platform.api.post(`/${project.slug}/users/register`, { headers: { 'x-api-key': apiKey }, body }));
        if (answer.status === 200) registered.push(answer.body.result as string);
        kill.after(registered.length);
      }
    });
    await kill.done();
    expect(registered.length - before).toBeLessThan(count);
  });

  afterwards('there are whole users, with all that was asked for, and no half ones', async () => {
    const logins = await platform.query<{ user_id: string; status: string }>('identity', 'SELECT user_id, status FROM logins WHERE user_name LIKE $1', [`${prefix}-%`]);
    const profiles = await platform.query<{ user_id: string; roles: string[] }>('profiles', 'SELECT u.user_id, d.roles FROM users u LEFT JOIN directory d USING (realm_id, user_id) WHERE u.email LIKE $1 AND u.hidden_by IS NULL', [`${prefix}-%`]);
    const ids = logins.map(({ user_id }) => user_id).sort();
    expect(logins.filter(({ status }) => status !== 'active')).toEqual([]);
    expect(profiles.map(({ user_id }) => user_id).sort()).toEqual(ids);
    expect(profiles.filter(({ roles }) => roles.join() !== 'viewer')).toEqual([]);
    const members = await platform.query<{ user_id: string }>('membership', 'SELECT user_id FROM project_members WHERE user_id = ANY ($1) AND role = $2', [ids, 'viewer']);
    expect(members).toHaveLength(ids.length);
    expect(ids).toEqual(expect.arrayContaining(registered));
  });
});

describe('kill -9 in the middle of imports', () => {
  const [requests, size] = [6, 250];
  const killed: readonly Part[] = allInOne ? ['all'] : sized<Part[]>(['identity'], ['identity', 'profiles', 'gateway']);
  const prefix = unique('imported');
  const imported: string[] = [];

  it.each(killed)('of %s: some are not answered', async (part) => {
    const { apiKey, project } = await platform.demo();
    const kill = killWhen(part, 1);
    let next = 0;
    let answered = 0;
    await atOnce(async () => {
      while (next < requests) {
        const request = (next += 1);
        const users = Array.from({ length: size }, (_, index) => `${prefix}-${part}-${request}-${index}`).map((uid) => ({ uid, email: `${uid}@example.com`, password_hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' }));
        const asked = answerOf(platform.api.post(`/v1/admin/projects/${project.id}/users/import-credentials`, { headers: { 'x-api-key': apiKey }, body: { users } }));
        const answer = await Promise.race([asked, kill.over.then(() => ({ status: 0, body: undefined }))]);
        const results = answer.status === 200 ? (answer.body.results as { status: string; user_id: string }[]) : [];
        imported.push(...results.flatMap(({ status, user_id }) => (status === 'imported' ? [user_id] : [])));
        answered += results.filter(({ status }) => status === 'imported').length;
        kill.after(answered);
      }
    }, 3);
    await kill.done();
    expect(answered).toBeLessThan(requests * size);
  });

  afterwards('who was imported is whole, in all services, and of the others there is nothing', async () => {
    const logins = await platform.query<{ user_id: string; whole: boolean }>('identity', `SELECT user_id, status = 'active' AND password_hash IS NOT NULL AS whole FROM logins WHERE login_email LIKE $1`, [`${prefix}-%`]);
    const profiles = await platform.query<{ user_id: string; whole: boolean }>('profiles', 'SELECT user_id, u.email IS NOT NULL AND d.can_log_in AS whole FROM users u LEFT JOIN directory d USING (realm_id, user_id) WHERE external_id LIKE $1', [`${prefix}-%`]);
    const ids = logins.map(({ user_id }) => user_id).sort();
    expect([...logins, ...profiles].filter(({ whole }) => !whole)).toEqual([]);
    expect(profiles.map(({ user_id }) => user_id).sort()).toEqual(ids);
    expect(imported.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('users who are being erased while the part that does it is killed', () => {
  const doer: Part = allInOne ? 'all' : 'workers';
  const prefix = unique('doomed');
  let erasure = '';

  it('are accepted for erasure', async () => {
    const uids = Array.from({ length: 100 }, (_, index) => `${prefix}-${index}`);
    await Promise.all(uids.map((id) => platform.api.post('/v1/users', { basic, body: { id, email: `${id}@example.com` } })));
    const deleted = await platform.api.put('/delete-users', { bearer: await environmentToken(), body: { data: uids } });
    expect(deleted.body.data).toEqual(uids);
    erasure = String(deleted.body.job_id);
    await platform.kill(doer);
    await platform.launch(doer);
    await platform.untilReady();
  });

  afterwards('the users who were being erased are', async () => {
    const job = await platform.api.get(`/delete-users/${erasure}`, { bearer: await environmentToken() });
    expect(job.body.data).toMatchObject({ state: 'done', receipt: { users: 100 } });
    expect(await platform.query('profiles', 'SELECT FROM users WHERE email LIKE $1 OR external_id LIKE $1', [`${prefix}-%`])).toEqual([]);
  });
});

describe('afterwards', () => {
  it.each(checks)('%s', async (_title, check) => {
    // What is broken off is left alone for 30 s. In short: as if they were over.
    if (sized(true, false)) await platform.query('identity', `UPDATE logins SET reserved_at = reserved_at - interval '30 seconds' WHERE status = 'pending'`);
    await eventually(check, 90_000);
  });
});
