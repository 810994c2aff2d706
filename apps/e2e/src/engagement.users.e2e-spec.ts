import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, projectSlug, unique } from './platform-under-test.js';

const full = { basic: keyAndSecret };
const half = { basic: keyOnly };
const range = (count: number) => [...Array(count).keys()];

/** Users of the page's run that a spec made itself. */
async function makeUsers(prefix: string, count: number, fields: object = {}): Promise<string[]> {
  const uids = range(count).map((n) => `${prefix}-${n}`);
  for (const uid of uids) expect((await api.post('/v1/users', { ...half, body: { id: uid, ...fields } })).status).toBe(200);
  return uids;
}

describe('updating a user on the engagement surface', () => {
  it('makes one who is not there, updates one who is, and answers the whole user', async () => {
    const uid = unique('put');
    const made = await api.put(`/v1/users/${uid}`, { ...half, body: { id: uid, first_name: 'Ada', meta: { plan: 'pro' } } });
    expect([made.status, made.body]).toMatchObject([200, { uid, first_name: 'Ada', meta: { plan: 'pro' }, is_account: false, accounts: [] }]);
    expect(made.body).not.toHaveProperty('uid_updateable');
    const updated = await api.put(`/v1/users/${uid}`, { ...full, body: { last_name: 'L', meta: { age: 36 } } });
    expect([updated.status, updated.body]).toEqual([200, { ...made.body, last_name: 'L', meta: { plan: 'pro', age: 36 } }]);
    expect((await api.get(`/users/${uid}`, full)).body).toEqual(updated.body);
  });

  it('answers the key alone what it said itself, and of somebody who was there before nothing else', async () => {
    const uid = unique('known');
    const firm = unique('known-firm');
    const made = await api.post('/v1/users', { ...half, body: { id: uid, first_name: 'Ada', number: '1', email: `${uid}@example.com`, created_at: '2021-01-01', device_token: 'secret', device_platform: 'ios', meta: { plan: 'pro' } } });
    expect(made.body).toEqual((await api.get(`/v1/users/${uid}`, full)).body);
    await api.post('/v1/users', { ...half, body: { id: firm, is_account: true } });
    await api.post(`/v1/users/${uid}/accounts`, { ...full, body: { accounts: [{ id: firm }] } });
    const nothing = { id: made.body.id, uid, first_name: null, last_name: null, number: null, email: null, devices: [], lists: [], segments: [], meta: {}, created_at: null, is_account: false, accounts: [] };
    expect((await api.put(`/v1/users/${uid}`, { ...half, body: {} })).body).toEqual(nothing);
    expect((await api.post('/v1/users', { ...half, body: { id: uid } })).body).toEqual(nothing);
    const said = { last_name: 'L', email: `${uid}@example.com`, device_token: 't', device_platform: 'android', meta: { age: 36, plan: null } };
    expect((await api.put(`/v1/users/${uid}`, { ...half, body: said })).body).toEqual({ ...nothing, last_name: 'L', email: `${uid}@example.com`, devices: [{ token: 't', platform: 'android' }], meta: { age: 36 } });
    expect((await api.put(`/v1/users/${uid}`, { ...full, body: {} })).body).toEqual((await api.get(`/v1/users/${uid}`, full)).body);
  });

  it('answers the key alone what it said, too, when it repeats a request after others changed the user', async () => {
    const uid = unique('repeated');
    const request = { ...half, headers: { 'idempotency-key': unique('key') }, body: { id: uid, first_name: 'Ada', email: `${uid}@example.com`, meta: { plan: 'free' }, device_token: 't', device_platform: 'ios' } };
    const made = await api.post('/v1/users', request);
    await api.put(`/v1/users/${uid}`, { ...full, body: { first_name: 'Grace', last_name: 'H', number: '+1', email: `other-${uid}@example.com`, created_at: '2021-01-01', meta: { plan: 'pro', debts: 3 } } });
    const again = await api.post('/v1/users', request);
    expect([again.status, again.body]).toEqual([200, made.body]);
    expect((await api.post('/v1/users', { ...request, ...full })).body).toEqual((await api.get(`/v1/users/${uid}`, full)).body);
  });

  it('with the key alone sets an email where there is none, and changes none', async () => {
    const uid = unique('put-mail');
    expect((await api.put(`/v1/users/${uid}`, { ...half, body: { email: `${uid}@example.com` } })).status).toBe(200);
    const refused = await api.put(`/v1/users/${uid}`, { ...half, body: { email: 'other@example.com', first_name: 'X' } });
    expect([refused.status, typeof refused.body.error]).toEqual([401, 'string']);
    expect((await api.get(`/v1/users/${uid}`, full)).body).toMatchObject({ email: `${uid}@example.com`, first_name: null });
    expect((await api.put(`/v1/users/${uid}`, { ...full, body: { email: `new-${uid}@example.com` } })).body.email).toBe(`new-${uid}@example.com`);
  });

  it('with the key alone gives no email to somebody who logs in by a user name, where their password could be reset', async () => {
    const username = unique('put-login');
    const password = 'correct horse battery';
    const later = unique('put-later');
    await api.post(`/${projectSlug}/users/register`, { bearer: await adminToken(), body: { username: later } });
    expect((await api.put(`/v1/users/${later}`, { ...half, body: { email: `${later}@example.com` } })).status).toBe(401);
    const registered = await api.post(`/${projectSlug}/users/register`, { bearer: await adminToken(), body: { username, password } });
    expect(registered.status).toBe(200);
    for (const refused of [await api.put(`/v1/users/${username}`, { ...half, body: { email: `${username}@example.com` } }), await api.post('/v1/users', { ...half, body: { id: username, email: `${username}@example.com` } })]) {
      expect([refused.status, typeof refused.body.error]).toEqual([401, 'string']);
    }
    expect((await api.post(`/${projectSlug}/users/login`, { body: { username: `${username}@example.com`, password } })).status).toBe(401);
    expect((await api.put(`/v1/users/${username}`, { ...half, body: { first_name: 'Ada' } })).status).toBe(200);
    expect((await api.put(`/v1/users/${username}`, { ...full, body: { email: `${username}@example.com` } })).body.email).toBe(`${username}@example.com`);
  });

  it('refuses another id for somebody who has one, and ids that nobody may have', async () => {
    const uid = unique('put-id');
    await api.put(`/v1/users/${uid}`, { ...half, body: {} });
    expect(await api.put(`/v1/users/${uid}`, { ...full, body: { id: `${uid}x`, first_name: 'X' } })).toMatchObject({ status: 400, body: { error: expect.stringContaining('id') } });
    for (const path of ['a%20b', 'login', 'a%2Fb', 'x'.repeat(129)]) expect((await api.put(`/v1/users/${path}`, { ...full, body: {} })).status).toBe(400);
    expect((await api.get(`/v1/users/${uid}`, full)).body.first_name).toBeNull();
  });

  it.each<[what: string, body: object, place: string]>([
    ['a nested meta value', { meta: { plan: {} } }, 'meta.plan'],
    ['an email that is none', { email: 'nobody' }, 'email'],
    ['is_account that is no boolean', { is_account: 'yes' }, 'is_account'],
    ['a token without platform', { device_token: 't' }, 'device_platform'],
    ['a list that does not exist', { lists: ['l'] }, 'lists[0]'],
  ])('refuses %s and makes nobody', async (_what, body, place) => {
    const uid = unique('bad');
    expect(await api.put(`/v1/users/${uid}`, { ...full, body })).toMatchObject({ status: 400, body: { error: expect.stringContaining(place) } });
    expect((await api.get(`/v1/users/${uid}`, full)).status).toBe(404);
  });
});

describe('a user who has no id of the customer’s, and an email longer than an id may be', () => {
  it('is addressed by it wherever it is shown as the uid', async () => {
    const uid = `${unique('long')}${'a'.repeat(150)}@${'b'.repeat(63)}.example.com`;
    const { result } = (await api.post(`/${projectSlug}/users/register`, { bearer: await adminToken(), body: { username: unique('long'), email: uid, password: 'correct horse battery' } })).body;
    const path = `/v1/users/${encodeURIComponent(uid)}`;
    expect((await api.get(path, full)).body).toMatchObject({ id: result, uid, uid_updateable: true });
    expect((await api.put(path, { ...full, body: { first_name: 'Ada' } })).body).toMatchObject({ id: result, first_name: 'Ada' });
    const [firm, other] = await makeUsers(unique('long-firm'), 2) as [string, string];
    expect((await api.post(`${path}/accounts`, { ...full, body: { accounts: [{ id: firm }] } })).body.accounts).toEqual([{ id: firm, role: null }]);
    await api.post(`/v1/users/${other}/accounts`, { ...full, body: { accounts: [{ id: uid }] } });
    expect((await api.put(`/v1/users/${other}/accounts/${encodeURIComponent(uid)}`, { ...full, body: { role: 'r' } })).body.accounts).toEqual([{ id: uid, role: 'r' }]);
    expect((await api.post(`${path}/events`, { ...half, body: { event: 'One' } })).status).toBe(200);
    expect((await api.post('/v1/users/events/batch', { ...half, body: { events: [{ uid, event: 'Two' }] } })).body.results).toEqual([{ status: 'ok' }]);
    expect((await api.get(`${path}/events`, full)).body.data).toHaveLength(2);
    expect((await api.post('/v1/users/merge', { ...full, body: { source: other, destination: uid } })).body.id).toBe(result);
    const nobody = await api.put(`/v1/users/x${encodeURIComponent(uid)}`, { ...full, body: {} });
    expect([nobody.status, nobody.body.details]).toEqual([400, [{ path: 'uid', message: expect.stringContaining('1 to 128') }]]);
    expect((await api.put('/delete-users', { bearer: await environmentToken(), body: { data: [uid] } })).body).toMatchObject({ data: [uid], unknown: [] });
    expect((await api.get(path, full)).status).toBe(404);
  });
});

describe('a user who has no id of the customer’s, and goes by what none may be', () => {
  it('is updated by it on both surfaces that list it, and nobody else is made of it', async () => {
    const uid = `${unique('o')}'hara@example.com`;
    const { result } = (await api.post(`/${projectSlug}/users/register`, { bearer: await adminToken(), body: { username: `${unique('o')} hara`, email: uid } })).body;
    expect((await api.post('/v1/users', { ...full, body: { id: uid, first_name: 'Scarlett' } })).body).toMatchObject({ id: result, uid, first_name: 'Scarlett' });
    const bearer = await environmentToken();
    expect(await api.post('/users', { bearer, body: { users: [{ id: uid, profile: { city: 'Tara' } }] } })).toMatchObject({ status: 200, body: { data: { users: [{ id: uid, profile: { city: 'Tara' } }] } } });
    const message = expect.stringContaining('1 to 128 letters, digits or any of');
    expect(await api.post('/v1/users', { ...full, body: { id: `x${uid}` } })).toMatchObject({ status: 400, body: { details: [{ path: 'id', message }] } });
    const batch = await api.post('/users', { bearer, body: { users: [{ id: `${uid}x`, profile: { name: 7 } }, { id: uid, profile: { city: 'Atlanta' } }, { id: `x${uid}` }] } });
    expect([batch.status, batch.body.error.details]).toEqual([400, [{ path: 'users[0].profile.name', message: expect.any(String) }, { path: 'users[0].id', message }, { path: 'users[2].id', message }]]);
    expect((await api.get(`/v1/users/${encodeURIComponent(uid)}`, full)).body.id).toBe(result);
  });
});

describe('a user who has no id of the customer’s, and an email that is somebody’s id', () => {
  it('shows the next of their names by which they are found, and the two are never taken for one another', async () => {
    const bearer = await environmentToken();
    const [email, username] = [`${unique('twin')}@example.com`, unique('twin')];
    const first = (await api.post('/v1/users', { ...full, body: { id: email, first_name: 'First' } })).body;
    const { result: second } = (await api.post(`/${projectSlug}/users/register`, { bearer: await adminToken(), body: { username, email } })).body;
    const listed = async () => (await api.get('/users?limit=100', { bearer })).body.data.users.map(({ id }: { id: string }) => id) as string[];
    expect((await api.get(`/v1/users?limit=2`, full)).body.data).toMatchObject([{ id: second, uid: username, uid_updateable: true, email }, { id: first.id, uid: email }]);
    expect((await listed()).slice(0, 2)).toEqual([username, email]);
    expect((await api.get(`/v1/users/${username}`, full)).body).toMatchObject({ id: second, uid: username });
    for (const answer of [await api.put(`/v1/users/${username}`, { ...full, body: { last_name: 'Second' } }), await api.post('/v1/users', { ...full, body: { id: username, last_name: 'Second' } })]) expect(answer.body).toMatchObject({ id: second, uid: username });
    expect((await api.post('/users', { bearer, body: { users: [{ id: username, profile: { city: 'Oslo' } }] } })).body.data.users).toMatchObject([{ id: username, profile: { city: 'Oslo' } }]);
    expect((await api.put('/delete-users', { bearer, body: { data: [email] } })).body).toMatchObject({ data: [email] });
    expect((await api.get(`/v1/users/${username}`, full)).body).toMatchObject({ id: second, uid: email });
    expect((await api.get(`/v1/users/${second}`, full)).body.id).toBe(second);
  });
});

describe('deleting a user on the engagement surface', () => {
  it('erases them; their id answers 404 to reads, 410 to late updates and events', async () => {
    const uid = unique('delete');
    await api.post('/v1/users', { ...half, body: { id: uid } });
    const deleted = await api.delete(`/v1/users/${uid}`, { ...full, headers: { 'content-type': 'application/json;charset=utf-8' } });
    expect([deleted.status, deleted.body]).toEqual([200, { status: 'ok' }]);
    expect((await api.get(`/v1/users/${uid}`, full)).status).toBe(404);
    expect((await api.delete(`/v1/users/${uid}`, full)).status).toBe(404);
    expect((await api.put(`/v1/users/${uid}`, { ...full, body: { first_name: 'late' } })).status).toBe(410);
    expect((await api.post(`/v1/users/${uid}/events`, { ...half, body: { event: 'late' } })).status).toBe(410);
    expect((await api.post(`/v1/users/${uid}/convert`, { ...full, body: { type: 'account' } })).status).toBe(410);
    expect((await api.post('/v1/users', { ...half, body: { id: uid } })).status).toBe(200);
  });
});

describe('listing users on the engagement surface', () => {
  const prefix = unique('list');
  let uids: string[];

  beforeAll(async () => {
    uids = await makeUsers(prefix, 35, { email: `${prefix}@example.com` });
  });

  it('shows ten, the newest first, with a next cursor and no previous one', async () => {
    const { status, body } = await api.get('/v1/users', full);
    expect([status, body.data.map(({ uid }: { uid: string }) => uid), typeof body.next_cursor, 'previous_cursor' in body]).toEqual([200, uids.slice(-10).reverse(), 'string', false]);
    expect(body.data[0]).toEqual((await api.get(`/v1/users/${uids.at(-1)}`, full)).body);
  });

  it('walks to the end and back over the same pages', async () => {
    const ask = async (query: string) => (await api.get(`/v1/users?email=${prefix}@EXAMPLE.com&limit=10${query}`, full)).body;
    const forth = [await ask('')];
    while ('next_cursor' in forth.at(-1)) forth.push(await ask(`&next_cursor=${forth.at(-1).next_cursor}`));
    expect(forth.map(({ data }) => data.length)).toEqual([10, 10, 10, 5]);
    expect(forth.flatMap(({ data }) => data.map(({ uid }: { uid: string }) => uid))).toEqual([...uids].reverse());
    const back = [forth.at(-1)];
    while ('previous_cursor' in back[0]) back.unshift(await ask(`&previous_cursor=${back[0].previous_cursor}`));
    expect(back).toEqual(forth);
  });

  it('shows at most thirty', async () => {
    expect((await api.get('/v1/users?limit=31', full)).body.data).toHaveLength(30);
    for (const limit of ['1000000', '9'.repeat(20), '0031']) expect((await api.get(`/v1/users?limit=${limit}`, full)).body.data).toHaveLength(30);
    expect((await api.get('/v1/users?limit=1', full)).body.data).toHaveLength(1);
  });

  it.each(['limit=0', 'limit=-1', 'limit=ten', 'limit=', 'limit=1.5', 'next_cursor=tampered', 'previous_cursor=tampered', 'next_cursor=', 'next_cursor=a&previous_cursor=b'])('refuses %s', async (query) => {
    const { status, body } = await api.get(`/v1/users?${query}`, full);
    expect([status, typeof body.error]).toEqual([400, 'string']);
  });
});

describe('accounts on the engagement surface', () => {
  it('are joined, left, and converted to and from', async () => {
    const [member, firm] = await makeUsers(unique('account'), 2) as [string, string];
    const joined = await api.post(`/v1/users/${member}/accounts`, { ...full, body: { accounts: [{ id: firm, role: 'guest' }] } });
    expect([joined.status, joined.body.accounts]).toEqual([200, [{ id: firm, role: 'guest' }]]);
    expect((await api.post(`/v1/users/${member}/accounts`, { ...full, body: { accounts: [{ id: firm }] } })).body.accounts).toEqual([{ id: firm, role: 'guest' }]);
    expect((await api.put(`/v1/users/${member}/accounts/${firm}`, { ...full, body: { role: 'owner' } })).body.accounts).toEqual([{ id: firm, role: 'owner' }]);
    expect((await api.post(`/v1/users/${firm}/convert`, { ...full, body: { type: 'account' } })).body.is_account).toBe(true);
    expect((await api.put(`/v1/users/${firm}`, { ...half, body: { is_account: false } })).status).toBe(401);
    expect((await api.put(`/v1/users/${firm}`, { ...full, body: { is_account: false } })).body.is_account).toBe(false);
    expect((await api.post(`/v1/users/${firm}/convert`, { ...full, body: { type: 'nothing' } })).status).toBe(400);
    expect((await api.delete(`/v1/users/${member}/accounts/${firm}`, full)).body.accounts).toEqual([]);
    expect((await api.delete(`/v1/users/${member}/accounts/${firm}`, full)).status).toBe(404);
    expect((await api.put(`/v1/users/${member}/accounts/${firm}`, { ...full, body: { role: 'x' } })).status).toBe(404);
  });

  it('that are erased are in nobody\'s list', async () => {
    const [member, firm] = await makeUsers(unique('erased-account'), 2) as [string, string];
    await api.post(`/v1/users/${member}/accounts`, { ...full, body: { accounts: [{ id: firm }] } });
    await api.delete(`/v1/users/${firm}`, full);
    expect((await api.get(`/v1/users/${member}`, full)).body.accounts).toEqual([]);
  });

  it('that nobody knows are refused by place; users whom nobody knows are 404', async () => {
    const [member] = await makeUsers(unique('member'), 1);
    const body = { accounts: [{ id: unique('nobody') }] };
    expect(await api.post(`/v1/users/${member}/accounts`, { ...full, body })).toMatchObject({ status: 400, body: { error: expect.stringContaining('accounts[0].id') } });
    expect((await api.post(`/v1/users/${unique('nobody')}/accounts`, { ...full, body })).status).toBe(404);
    expect((await api.post(`/v1/users/${unique('nobody')}/convert`, { ...full, body: { type: 'account' } })).status).toBe(404);
  });
});

describe('merging users on the engagement surface', () => {
  it('makes two one, whom both ids mean, and erases what is left of the other', async () => {
    const [source, destination] = await makeUsers(unique('merge'), 2) as [string, string];
    await api.put(`/v1/users/${source}`, { ...full, body: { first_name: 'S', last_name: 'S', meta: { a: 1, b: 1 }, device_token: 't', device_platform: 'ios' } });
    await api.put(`/v1/users/${destination}`, { ...full, body: { first_name: 'D', meta: { b: 2 } } });
    for (const uid of [source, destination]) await api.post(`/v1/users/${uid}/events`, { ...half, body: { id: uid, event: 'Seen' } });
    const merged = await api.post('/v1/users/merge', { ...full, body: { source, destination } });
    expect([merged.status, merged.body]).toMatchObject([200, { uid: destination, first_name: 'D', last_name: 'S', meta: { a: 1, b: 2 }, devices: [{ token: 't', platform: 'ios' }] }]);
    const jobId = merged.headers.get('x-rollcall-job-id')!;
    expect(await api.get(`/v1/erasures/${jobId}`, full)).toMatchObject({ status: 200, body: { job_id: jobId } });
    for (const uid of [source, destination]) expect((await api.get(`/v1/users/${uid}`, full)).body).toEqual(merged.body);
    expect((await api.get(`/v1/users/${source}/events`, full)).body.data.map(({ id }: { id: string }) => id).sort()).toEqual([source, destination].sort());
    expect((await api.post('/v1/users', { ...full, body: { id: source, meta: { c: 3 } } })).body).toMatchObject({ uid: destination, meta: { c: 3 } });
    await eventually(async () => expect((await api.get(`/v1/erasures/${jobId}`, full)).body).toMatchObject({ job_id: jobId, state: 'done', receipt: { users: 1 } }));
    const again = await api.post('/v1/users/merge', { ...full, body: { source, destination } });
    expect([again.body.uid, again.headers.get('x-rollcall-job-id')]).toEqual([destination, jobId]);
    await eventually(async () => expect((await api.get(`/v1/users/${source}`, full)).body.uid).toBe(destination));

    expect((await api.delete(`/v1/users/${source}`, full)).status).toBe(200);
    for (const uid of [source, destination]) {
      expect((await api.get(`/v1/users/${uid}`, full)).status).toBe(404);
      expect((await api.put(`/v1/users/${uid}`, { ...full, body: {} })).status).toBe(410);
    }
  });

  it('refuses somebody who logs in as the source, with one clear sentence', async () => {
    const admin = await adminToken();
    const [source, destination] = await makeUsers(unique('merge-login'), 2) as [string, string];
    const { body } = await api.put(`/v1/users/${source}`, { ...full, body: { email: `${source}@example.com` } });
    await api.post(`/${projectSlug}/users/${body.id}/change-password`, { bearer: admin, body: { password: 'correct horse battery staple' } });
    expect(await api.post('/v1/users/merge', { ...full, body: { source, destination } })).toMatchObject({ status: 409, body: { error: expect.stringContaining('logs in') } });
    expect((await api.post('/v1/users/merge', { ...full, body: { source: destination, destination: source } })).body.uid).toBe(source);
  });

  it('refuses strangers, one and the same, and bodies that name nobody', async () => {
    const [uid] = await makeUsers(unique('merge-one'), 1) as [string];
    expect(await api.post('/v1/users/merge', { ...full, body: { source: unique('nobody'), destination: uid } })).toMatchObject({ status: 404, body: { details: [{ path: 'source' }] } });
    expect((await api.post('/v1/users/merge', { ...full, body: { source: uid, destination: unique('nobody') } })).status).toBe(404);
    expect((await api.post('/v1/users/merge', { ...full, body: { source: uid, destination: uid } })).status).toBe(400);
    expect((await api.post('/v1/users/merge', { ...full, body: { source: uid } })).status).toBe(400);
  });
});

describe('a batch of events on the engagement surface', () => {
  it('stores 999 of 1,000 when one is bad, and names that one', async () => {
    const [uid] = await makeUsers(unique('batch'), 1) as [string];
    const events: object[] = range(1_000).map((n) => ({ uid, id: `e${n}`, event: 'Played', value: n }));
    events[7] = { uid, id: 'bad', event: 'Played', properties: { deep: {} } };
    const { status, body } = await api.post('/v1/users/events/batch', { ...half, body: { events } });
    expect([status, body.results.length]).toEqual([200, 1_000]);
    body.results.forEach((result: object, place: number) => expect(result).toEqual(place === 7 ? { error: expect.stringContaining('events[7].properties.deep') } : { status: 'ok' }));
    await Promise.all(range(5).flatMap((n) => [api.post('/v1/users/events/batch', { ...half, body: { events } }), api.post(`/v1/users/${uid}/events`, { ...half, body: { id: `e${n}`, event: 'Played' } })]));
    let count = 0;
    let cursor = '';
    do {
      const page = await api.get(`/v1/users/${uid}/events?limit=100${cursor}`, full);
      count += page.body.data.length;
      cursor = page.body.next_cursor === undefined ? '' : `&cursor=${page.body.next_cursor}`;
    } while (cursor !== '');
    expect(count).toBe(999);
  });

  it('says of each event what is wrong with it', async () => {
    const [uid] = await makeUsers(unique('batch-bad'), 1) as [string];
    const events = [{ event: 'x' }, 'text', { uid: unique('nobody'), event: 'x' }, { uid, event: 'x', timestamp: new Date(Date.now() + 25 * 3_600_000).toISOString() }, { uid, event: 'ok' }, { uid, event: 'x', timestamp: '9999-12-31T23:59:59-12:00' }];
    const { body } = await api.post('/v1/users/events/batch', { ...half, body: { events } });
    expect(body.results.map((result: { error?: string }) => result.error?.split(':')[0] ?? 'ok')).toEqual(['events[0].uid', 'events[1]', 'events[2]', 'events[3].timestamp', 'ok', 'events[5].timestamp']);
  });

  it('is not looked at any further where a thousand mistakes were found', async () => {
    const [uid] = await makeUsers(unique('batch-many'), 1) as [string];
    const wrong = { uid, event: 'x', properties: Object.fromEntries(range(100).map((n) => [`p${n}`, []])) };
    const { body } = await api.post('/v1/users/events/batch', { ...half, body: { events: [{ uid, event: 'ok' }, ...Array(10).fill(wrong), { uid, event: 'late' }] } });
    expect(body.results.map((result: { error?: string }) => result.error?.replace(/^events\[\d+\]/, '').slice(0, 20) ?? 'ok')).toEqual(['ok', ...Array(10).fill('.properties.p0: must'), ': was not looked at,']);
    expect((await api.get(`/v1/users/${uid}/events`, full)).body.data).toHaveLength(1);
  });

  it('repeated under the same Idempotency-Key stores nothing twice, without ids too', async () => {
    const [uid] = await makeUsers(unique('batch-key'), 1) as [string];
    const request = { ...half, headers: { 'idempotency-key': unique('key') }, body: { events: range(3).map((value) => ({ uid, event: 'x', value })) } };
    for (const _ of range(2)) expect((await api.post('/v1/users/events/batch', request)).body.results).toEqual(Array(3).fill({ status: 'ok' }));
    expect((await api.get(`/v1/users/${uid}/events`, full)).body.data).toHaveLength(3);
  });

  it.each<[what: string, body: object]>([
    ['without events', { events: [] }],
    ['without a list of them', {}],
    ['of something else', { events: 'all' }],
    ['of 1,001 events', { events: Array(1_001).fill({ uid: 'u', event: 'e' }) }],
  ])('%s is refused', async (_what, body) => {
    expect((await api.post('/v1/users/events/batch', { ...half, body })).status).toBe(400);
  });
});

describe('the key alone', () => {
  it.each<[method: 'get' | 'post' | 'put' | 'delete', path: string, request: { body?: object }]>([
    ['get', '/v1/users', {}],
    ['delete', '/v1/users/u', {}],
    ['post', '/v1/users/u/convert', { body: { type: 'account' } }],
    ['post', '/v1/users/u/accounts', { body: { accounts: [{ id: 'a' }] } }],
    ['put', '/v1/users/u/accounts/a', { body: { role: 'r' } }],
    ['delete', '/v1/users/u/accounts/a', {}],
    ['post', '/v1/users/merge', { body: { source: 'a', destination: 'b' } }],
  ])('may not %s %s', async (method, path, request) => {
    const answer = await api[method](path, { ...half, ...request });
    expect([answer.status, typeof answer.body.error, answer.headers.get('www-authenticate')]).toEqual([401, 'string', expect.stringContaining('Basic')]);
    expect((await api[method](path, request)).status).toBe(401);
    expect((await api[method](path, { ...request, basic: [keyOnly[0], 'wrong'] })).status).toBe(401);
  });
});
