import { afterAll, describe, expect, it } from '@jest/globals';
import { connectToService, eventually, type Part } from '#libs/platform/testing';
import { itWhole, platform, secondsSince, seen } from './fault-world.js';
import { unique } from './platform-under-test.js';

/** Has statements of a service wait that write to a table, until somebody does; kills the service then, and lets go of the table. */
async function killWhileWriting(part: Part, table: string): Promise<void> {
  const holder = await connectToService(await platform.databaseUrl(), part);
  try {
    await holder.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
    await eventually(async () => {
      const { rows } = await holder.query('SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted', [table]);
      expect(rows.length).toBeGreaterThan(0);
    }, 90_000);
    await platform.kill(part);
  } finally {
    await holder.end();
  }
}

afterAll(async () => {
  await platform.restore();
});

describe('a service that is killed in the middle', () => {
  it('of a change of a user: the answer names what is changed and what is not, and the same request again does the rest', async () => {
    const { apiKey, project } = await platform.demo();
    const headers = { 'x-api-key': apiKey };
    const users = `/${project.slug}/users`;
    const name = unique('half');
    const registered = await platform.api.post(`${users}/register`, { headers, body: { username: name, email: `${name}@example.com`, password: 'correct horse battery', roles: ['viewer'] } });
    const id = String(registered.body.result);
    const wanted = { username: `${name}-2`, firstName: 'Ada', email: `${name}-2@example.com`, roles: ['editor'], isActive: false };

    const killed = killWhileWriting('membership', 'project_members');
    const start = performance.now();
    const broken = await platform.api.put(`${users}/${id}`, { headers, body: wanted });
    seen('membership killed in a change on surface C', { 'answered after s': secondsSince(start) });
    await killed;
    expect({ status: broken.status, type: broken.headers.get('content-type'), again: broken.headers.get('retry-after') }).toEqual({ status: 503, type: expect.stringContaining('application/problem+json'), again: expect.any(String) });
    expect(broken.body.detail).toContain('A part is changed already: what the user logs in with, the profile. Not changed, as far as is known: the roles, the status. Send the request again');

    await platform.restore();
    const again = await platform.api.put(`${users}/${id}`, { headers, body: wanted });
    expect(again).toMatchObject({ status: 200, body: wanted });
    expect((await platform.api.get(`${users}/${id}`, { headers })).body).toMatchObject(wanted);
    // In each service, once, and nothing on its way.
    expect(await platform.query('identity', 'SELECT user_name, login_email, status, is_active FROM logins WHERE user_id = $1', [id])).toEqual([{ user_name: wanted.username, login_email: wanted.email, status: 'active', is_active: false }]);
    expect(await platform.query('profiles', 'SELECT u.email, d.user_name, d.roles, d.is_active FROM users u JOIN directory d USING (realm_id, user_id) WHERE u.user_id = $1', [id])).toEqual([{ email: wanted.email, user_name: wanted.username, roles: ['editor'], is_active: false }]);
    expect(await platform.query('membership', 'SELECT role FROM project_members WHERE user_id = $1', [id])).toEqual([{ role: 'editor' }]);
    for (const [filter, count] of [[`username=${name}`, 0], [`username=${name}-2`, 1]] as const) expect((await platform.api.get(`${users}/count?${filter}`, { headers })).body).toEqual({ result: count });
  });

  it('of a staff login, before it is said who they are: nothing is left of a session whose tokens nobody got', async () => {
    const { admin } = await platform.demo();
    const logIn = () => platform.api.post('/v1/auth/login', { body: { email: admin.email, password: admin.password } });
    const goingOn = async () => (await platform.query('identity', 'SELECT session_id FROM sessions JOIN logins USING (realm_id, user_id) WHERE login_email = $1 AND ended_at IS NULL', [admin.email])).length;
    const before = await goingOn();
    await platform.kill('profiles');
    expect(await logIn()).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });
    expect(await goingOn()).toBe(before);
    await platform.restore();
    expect((await logIn()).body).toMatchObject({ user: { user_email: admin.email } });
    expect(await goingOn()).toBe(before + 1);
  });

  itWhole('of an import: the caller soon knows how far it came, and the same request again imports the others, nobody twice', async () => {
    const { apiKey, project } = await platform.demo();
    const headers = { 'x-api-key': apiKey };
    const prefix = unique('half-import');
    const users = Array.from({ length: 1_000 }, (_, index) => `${prefix}-${index}`).map((uid) => ({ uid, email: `${uid}@example.com`, password_hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' }));
    const send = () => platform.api.post(`/v1/admin/projects/${project.id}/users/import-credentials`, { headers, body: { users } });
    const imported = async () => Number((await platform.query<{ count: string }>('identity', 'SELECT count(*) FROM logins WHERE login_email LIKE $1', [`${prefix}-%`]))[0]!.count);

    const start = performance.now();
    const first = send();
    await eventually(async () => expect(await imported()).toBeGreaterThanOrEqual(200), 20_000);
    await killWhileWriting('identity', 'logins');
    const broken = await first;
    seen('identity killed in an import', { 'answered after s': secondsSince(start) });
    expect(broken).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/Of the 1000 users the first [1-9]00 are settled.*Send the request again/) } });
    expect(secondsSince(start)).toBeLessThan(60);

    await platform.restore();
    // What was reserved is left alone for 30 s, then finished or released: as if they were over.
    await platform.query('identity', `UPDATE logins SET reserved_at = reserved_at - interval '30 seconds' WHERE status = 'pending'`);
    await eventually(async () => {
      const { status, body } = await send();
      expect({ status, failed: body.failed, whole: Number(body.imported) + Number(body.skipped) }).toEqual({ status: 200, failed: 0, whole: 1_000 });
    }, 90_000);
    const logins = await platform.query('identity', `SELECT count(*)::int AS all, count(DISTINCT user_id)::int AS users, count(*) FILTER (WHERE status = 'active' AND password_hash IS NOT NULL)::int AS whole FROM logins WHERE login_email LIKE $1`, [`${prefix}-%`]);
    const profiles = await platform.query('profiles', 'SELECT count(*)::int AS all, count(DISTINCT external_id)::int AS users, count(*) FILTER (WHERE d.can_log_in)::int AS whole FROM users u JOIN directory d USING (realm_id, user_id) WHERE email LIKE $1', [`${prefix}-%`]);
    expect([logins, profiles]).toEqual([[{ all: 1_000, users: 1_000, whole: 1_000 }], [{ all: 1_000, users: 1_000, whole: 1_000 }]]);
  }, 240_000);
});
