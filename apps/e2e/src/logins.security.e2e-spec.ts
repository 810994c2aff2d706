import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { eventually, type ApiAnswer, type ApiClient } from '#libs/platform/testing';
import { allGateways, platform as shared, running as platform, unique, unlessBusy } from './platform-under-test.js';

const { demo } = shared;
/** A second one is started where there can be one: what they must know of each other is asked here too. */
let gateways: ApiClient[];

const password = 'correct horse battery';
/** A hash as others make it. */
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

beforeAll(async () => {
  gateways = await allGateways();
});

afterAll(async () => {
  await platform.restore();
});

let count = 0;
const through = (index: number) => gateways[index % gateways.length]!;
/** Another client each time, unless one is named. */
const from = (address = `10.${count >> 16}.${(count >> 8) & 255}.${(count += 1) & 255}`) => ({ 'x-forwarded-for': address });
const admin = () => ({ 'x-api-key': demo.apiKey });
const adminUsers = () => `/v1/admin/projects/${demo.project.id}/users`;

async function newUser(): Promise<{ id: string; email: string }> {
  const uid = unique('login');
  const email = `${uid}@example.com`;
  const { id } = (await platform.api.post('/v1/users', { basic: [demo.engagement.key, demo.engagement.secret], body: { id: uid, email } })).body as { id: string };
  await platform.api.post(`/${demo.project.slug}/users/${id}/change-password`, { headers: admin(), body: { password } });
  return { id, email };
}

const logIn = (username: string, word: string, headers: Record<string, string> = from(), gateway = through(0)) => gateway.post(`/${demo.project.slug}/users/login`, { headers, body: { username, password: word } });
/** What a user without any role is told when they look: 403 while their token is good, 401 when it is not. */
const look = (gateway: ApiClient, token: string, id: string) => gateway.get(`/${demo.project.slug}/users/${id}`, { bearer: token });

/** All of an answer but what is another's for every request. */
function sameness({ status, headers, text }: ApiAnswer) {
  const own = ['date', 'x-request-id', 'connection', 'keep-alive', 'ratelimit']; // how much is left of a limit is the client's own
  return { status, headers: [...headers].filter(([name]) => !own.includes(name)).sort(), text: text.replace(/"request_id":"[^"]*"/, '') };
}

describe('who tries passwords', () => {
  it('learns nothing of who there is: unknown, wrong and inactive are one answer, on both surfaces', async () => {
    const { email } = await newUser();
    const inactive = unique('inactive');
    await platform.api.post(`${adminUsers()}/import-credentials`, { headers: admin(), body: { users: [{ uid: inactive, email: `${inactive}@example.com`, status: 'inactive', password_hash: bcrypt }] } });
    const answers = [await logIn(email, 'wrong horse battery'), await logIn('nobody@example.com', 'wrong horse battery'), await logIn(`${inactive}@example.com`, 'wrong horse battery')].map(sameness);
    expect(answers[0]!.status).toBe(401);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const staff = (name: string) => platform.api.post('/v1/auth/login', { headers: from(), body: { email: name, password: 'wrong horse battery' } });
    expect(sameness(await staff('nobody@example.com'))).toEqual(sameness(await staff(demo.admin.email)));
  });

  it('gets ten tries at once and not one more, over all gateways, while the owner gets in on a device that is known', async () => {
    const { email, id } = await newUser();
    const first = await logIn(email, password);
    const cookie = first.headers.get('set-cookie')!;
    expect(cookie).toMatch(new RegExp(`^rollcall_device=[\\w.-]+; Path=/${demo.project.slug}/users/login; Max-Age=31536000; HttpOnly; SameSite=Strict$`));
    const began = Date.now();
    const tries = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => logIn(email, 'wrong horse battery', from(), through(index))));
    const flood = tries(500);
    const owner = await unlessBusy(() => logIn(email, password, { ...from(), cookie: `other=1; ${cookie.split(';')[0]!}` }, through(1)));
    expect([owner.status, owner.body.id]).toEqual([200, id]);
    const answers = await flood;
    const evaluated = answers.filter(({ status }) => status === 401).length;
    expect(evaluated).toBeLessThanOrEqual(10 + Math.floor((Date.now() - began) / 1_000));
    expect(evaluated).toBeGreaterThan(0);
    // A busy machine may have no time for one, which evaluates nothing either.
    for (const { status, headers } of answers.filter((answer) => answer.status !== 401)) expect([status === 503 ? 429 : status, Number(headers.get('retry-after')) >= 1]).toEqual([429, true]);
    await eventually(async () => expect([...answers, ...(await tries(12))].map(({ status }) => status)).toContain(429));
    // An app keeps the header instead.
    const again = await logIn(email, password, { ...from(), 'x-device-token': owner.headers.get('x-device-token')! }, through(1));
    expect(again.status).toBe(200);
  });

  it('is held back alike for a name that nobody has', async () => {
    const { email } = await newUser();
    const answers = await Promise.all([email, 'nobody-at-all@example.com'].map(async (name) => {
      const seen: ApiAnswer[] = [];
      for (let time = 0; time < 11; time += 1) seen.push(await logIn(name, 'wrong horse battery', from(), through(time)));
      return seen.map(sameness);
    }));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[0]!.map(({ status }) => status)).toContain(429);
  });

  it('is held back by address, as the trusted proxy names it, and gets no further by naming others itself', async () => {
    const { email } = await newUser();
    // The proxy appends what it sees; what stands before is the client's own invention.
    const guess = (index: number) => logIn(`guess-${index}@example.com`, password, from(`10.99.0.${index}, 192.0.2.66`), through(index));
    for (let index = 0; index < 100; index += 10) {
      const answers = await Promise.all(Array.from({ length: 10 }, (_, place) => unlessBusy(() => guess(index + place))));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    }
    expect((await guess(100)).status).toBe(429);
    expect((await logIn(email, password, from('192.0.2.66'))).status).toBe(429);
    expect((await logIn(email, password, from('192.0.2.67'))).status).toBe(200);
  });
});

describe('an access token', () => {
  const ends: [string, (user: { id: string; email: string }, sessions: string) => Promise<unknown>][] = [
    ['a new password', ({ id }) => platform.api.post(`/${demo.project.slug}/users/${id}/change-password`, { headers: admin(), body: { password: 'another good password' } })],
    ['an administrator who ends the session', async (_user, sessions) => {
      const [session] = (await platform.api.get(sessions, { headers: admin() })).body.sessions as { session_id: string }[];
      return platform.api.delete(`${sessions}/${session!.session_id}`, { headers: admin() });
    }],
    ['an administrator who ends all sessions', (_user, sessions) => platform.api.delete(sessions, { headers: admin() })],
    ['deleting the user', ({ email }) => platform.api.delete(`/v1/users/${email.split('@')[0]!}`, { basic: [demo.engagement.key, demo.engagement.secret] })],
  ];

  it.each(ends)('is refused by every gateway after %s', async (_way, end) => {
    const user = await newUser();
    const token = (await logIn(user.email, password)).body.access_token as string;
    for (const gateway of gateways) expect((await look(gateway, token, user.id)).status).toBe(403);
    const { status } = (await end(user, `${adminUsers()}/${user.id}/sessions`)) as ApiAnswer;
    expect(status).toBeLessThan(300);
    for (const gateway of gateways) {
      await eventually(async () => expect((await look(gateway, token, user.id)).status).toBe(401), 5_000);
      expect((await look(gateway, token, user.id)).status).toBe(401);
    }
  });

  it('may do on every gateway what its user’s roles permit now, and not what they did', async () => {
    const user = await newUser();
    const token = (await logIn(user.email, password)).body.access_token as string;
    const give = (roles: string[]) => platform.api.put(`/${demo.project.slug}/users/${user.id}`, { headers: admin(), body: { roles } });
    for (const [roles, status] of [[['viewer'], 200], [[], 403]] as const) {
      expect((await give([...roles])).status).toBe(200);
      for (const gateway of gateways) await eventually(async () => expect((await look(gateway, token, user.id)).status).toBe(status), 5_000);
    }
  });

  it('verifies against the published keys, before and after they are rotated', async () => {
    const keySet = await platform.api.get('/.well-known/jwks.json');
    expect([keySet.status, keySet.headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    expect((await platform.api.get('/.well-known/jwks.json', { headers: { 'if-none-match': keySet.headers.get('etag')! } })).status).toBe(304);
    const user = await newUser();
    const token = async () => (await logIn(user.email, password)).body.access_token as string;
    const before = await token();
    const superAdmin = { 'x-api-key': demo.superAdmin.apiKey };
    expect((await platform.api.post('/v1/admin/signing-keys/rotate', { headers: admin() })).status).toBe(403);
    const rotated = await platform.api.post('/v1/admin/signing-keys/rotate', { headers: superAdmin, body: { immediately: true } });
    expect([rotated.status, rotated.body]).toEqual([201, { kid: expect.any(String), algorithm: 'EdDSA', state: 'signing', created_at: expect.any(String), active_from: expect.any(String) }]);
    const after = await token();
    expect(decodeProtectedHeader(after).kid).toBe(rotated.body.kid);
    const keys = createRemoteJWKSet(new URL(`${gateways.at(-1)!.url}/.well-known/jwks.json`), { cooldownDuration: 0 });
    for (const one of [before, after]) {
      for (const gateway of gateways) expect((await look(gateway, one, user.id)).status).toBe(403);
      await eventually(async () => expect((await jwtVerify(one, keys, { issuer: 'rollcall', audience: 'rollcall', typ: 'at+jwt' })).payload.sub).toBe(user.id));
    }
    const audit = await platform.api.get(`/v1/admin/audit?target=${String(rotated.body.kid)}`, { headers: superAdmin });
    expect(audit.body.entries).toMatchObject([{ action: 'signing-key.created', actor: { type: 'credential' }, surface: 'admin', project_id: null, org_id: null }]);
    const old = decodeProtectedHeader(before).kid!;
    expect((await platform.api.delete(`/v1/admin/signing-keys/${String(rotated.body.kid)}`, { headers: superAdmin })).status).toBe(409);
    expect((await platform.api.delete(`/v1/admin/signing-keys/${old}`, { headers: superAdmin })).status).toBe(204);
    for (const gateway of gateways) await eventually(async () => expect((await look(gateway, before, user.id)).status).toBe(401), 5_000);
    expect((await look(gateways[0]!, after, user.id)).status).toBe(403);
  });
});

describe('what gateways have in common', () => {
  it('is the rate limit of a project: together they let in exactly so many', async () => {
    const slug = unique('limited');
    const { project_id } = (await platform.api.post('/v1/admin/projects', { headers: admin(), body: { org_id: demo.org.id, name: slug, slug, settings: { rate_limit: 20 } } })).body as { project_id: string };
    const { key, secret } = (await platform.api.post(`/v1/admin/projects/${project_id}/engagement-keys`, { headers: admin(), body: { name: slug } })).body as { key: string; secret: string };
    const ask = async (index: number) => (await through(index).get('/v1/users?limit=1', { basic: [key, secret] })).status;
    for (const index of gateways.keys()) expect(await ask(index)).toBe(200);
    const rest = 20 - gateways.length;
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => ask(index)));
    expect([answers.filter((status) => status === 200).length, answers.filter((status) => status === 429).length]).toEqual([rest, 60 - rest]);
    for (const gateway of gateways) expect((await gateway.get('/v1/users?limit=1', { basic: [key, secret] })).status).toBe(429);
  });

  it('is what somebody may do: a role that is given or taken counts at all of them', async () => {
    const user = await newUser();
    const token = (await logIn(user.email, password)).body.access_token as string;
    const seen = () => Promise.all(gateways.map(async (gateway) => (await look(gateway, token, user.id)).status));
    const all = (status: number) => gateways.map(() => status);
    expect(await seen()).toEqual(all(403)); // and each remembers that for a while
    for (const [roles, status] of [[['viewer'], 200], [[], 403], [['editor'], 200]] as const) {
      expect((await through(1).put(`/${demo.project.slug}/users/${user.id}`, { headers: admin(), body: { roles } })).status).toBe(200);
      await eventually(async () => expect(await seen()).toEqual(all(status)), 5_000);
      expect(await seen()).toEqual(all(status));
    }
  });
});

describe('importing users with their hashes', () => {
  it('takes many at once, says which it did not take and why, and lets the others log in', async () => {
    const bulk = unique('bulk');
    const users = Array.from({ length: 200 }, (_, number) => ({ uid: `${bulk}-${number}`, email: `${bulk}-${number}@example.com`, user_name: `${bulk}.${number}`, created_at: '2020-02-03', last_login_at: '2025-01-02T03:04:05Z', password_hash: bcrypt }));
    users[7]!.password_hash = `$2b$31$${'.'.repeat(53)}`;
    const send = () => platform.api.post(`${adminUsers()}/import-credentials`, { headers: admin(), body: { users } });
    const first = await send();
    expect([first.status, first.body.imported, first.body.skipped, first.body.failed]).toEqual([200, 199, 0, 1]);
    expect(first.body.results[7]).toEqual({ status: 'failed', user_id: null, error: { code: 'hash-refused', message: 'The cost of bcrypt must be 4 to 14.' } });
    const again = await send();
    expect([again.body.imported, again.body.skipped, again.body.failed]).toEqual([0, 199, 1]);
    const { user_id: id } = first.body.results[199] as { user_id: string };
    expect((await logIn(`${bulk.toUpperCase()}.199`, 'U*U')).body.id).toBe(id);
    expect((await logIn(`${bulk}-0@example.com`, 'U*U')).status).toBe(200);
    expect((await logIn(`${bulk}-0@example.com`, 'U*V')).status).toBe(401);
    const onB = await platform.api.get(`/v1/users/${bulk}-199`, { basic: [demo.engagement.key, demo.engagement.secret] });
    expect(onB.body).toMatchObject({ id, email: `${bulk}-199@example.com`, created_at: '2020-02-03T00:00:00.000Z' });
    const onC = await platform.api.get(`/${demo.project.slug}/users/${id}`, { headers: admin() });
    expect(onC.body).toMatchObject({ username: `${bulk}.199`, isActive: true });
    expect(await platform.query('identity', `SELECT split_part(password_hash, '$', 2) AS format, count(*)::int AS count FROM logins WHERE user_name LIKE $1 GROUP BY 1 ORDER BY 1`, [`${bulk}.%`])).toEqual([{ format: '2a', count: 197 }, { format: 'argon2id', count: 2 }]);
  });

  it('is refused as a whole where the request is malformed, naming the place', async () => {
    const send = (users: unknown) => platform.api.post(`${adminUsers()}/import-credentials`, { headers: admin(), body: { users } });
    const good = { uid: 'a', password_hash: bcrypt };
    const answer = await send([good, { ...good, user_id: demo.project.id, shoe: 42 }, { uid: 'b' }, { password_hash: bcrypt }]);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(expect.arrayContaining(['users[1].shoe', 'users[2].password_hash', 'users[3]']));
    expect((await send([])).status).toBe(400);
    expect((await send(Array.from({ length: 1_001 }, (_, number) => ({ ...good, uid: `x${number}` })))).status).toBe(400);
    expect((await platform.api.post(`${adminUsers()}/import-credentials`, { body: { users: [good] } })).status).toBe(401);
  });
});
