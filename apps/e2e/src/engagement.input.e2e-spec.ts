import { beforeAll, describe, expect, it } from '@jest/globals';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, projectSlug, unique } from './platform-under-test.js';

describe('what the engagement surface accepts of a user', () => {
  it('keeps every value exactly as it was sent', async () => {
    const uid = unique('odd');
    const meta = { empty: '', zero: 0, negative: -1.5, large: 9_007_199_254_740_991, tiny: 5e-324, no: false, emoji: '👩‍👩‍👧‍👦 Öäü ẞ', quote: `'"\\;--`, constructor: 'c', toString: 't', 'a.b': 'dotted', ' ': 'space' };
    const created = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, first_name: '', last_name: '李', meta } });
    expect([created.status, created.body.meta]).toEqual([200, meta]);
    const read = await api.get(`/v1/users/${uid}`, { basic: keyAndSecret });
    expect([read.body.meta, read.body.first_name, read.body.last_name]).toEqual([meta, '', '李']);
  });

  it('merges meta key by key, and removes a key by null', async () => {
    const uid = unique('merge');
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, first_name: 'A', meta: { a: 1, b: 2 } } });
    const updated = await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, meta: { b: null, c: 3 } } });
    expect([updated.body.meta, updated.body.first_name]).toEqual([{ a: 1, c: 3 }, 'A']);
  });

  it('keeps the last five devices, a known one moved to the front', async () => {
    const uid = unique('device');
    for (const token of ['1', '2', '3', '4', '5', '6', '3']) await api.post('/v1/users', { basic: keyOnly, body: { id: uid, device_token: token, device_platform: 'ios' } });
    const { devices } = (await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body;
    expect(devices).toEqual(['3', '6', '5', '4', '2'].map((token) => ({ token, platform: 'ios' })));
  });

  it('ignores fields that it does not know', async () => {
    expect((await api.post('/v1/users', { basic: keyOnly, body: { id: unique('x'), nickname: 'n', is_account: true } })).status).toBe(200);
  });

  it.each<[what: string, body: object, place: string]>([
    ['no id', {}, 'id'],
    ['an id with a slash', { id: 'a/b' }, 'id'],
    ['a reserved id', { id: 'login' }, 'id'],
    ['an id of 129 characters', { id: 'x'.repeat(129) }, 'id'],
    ['a nested meta value', { id: 'u', meta: { plan: { name: 'pro' } } }, 'meta.plan'],
    ['an array as meta value', { id: 'u', meta: { tags: ['a'] } }, 'meta.tags'],
    ['a whole number that JSON would round', { id: 'u', meta: { n: 2 ** 53 + 2 } }, 'meta.n'],
    ['meta that is not an object', { id: 'u', meta: 'pro' }, 'meta'],
    ['a standard field in meta', { id: 'u', meta: { email: 'a@example.com' } }, 'meta.email'],
    ['a NUL character', { id: 'u', first_name: 'a\u0000b' }, 'first_name'],
    ['a NUL character in meta', { id: 'u', meta: { a: 'a\u0000b' } }, 'meta.a'],
    ['a value over 8 KiB', { id: 'u', meta: { essay: 'x'.repeat(8_193) } }, 'meta.essay'],
    ['a token without platform', { id: 'u', device_token: 't' }, 'device_platform'],
    ['a platform that does not exist', { id: 'u', device_token: 't', device_platform: 'symbian' }, 'device_platform'],
    ['an email that is none', { id: 'u', email: 'nobody' }, 'email'],
    ['a date that is none', { id: 'u', created_at: 'yesterday' }, 'created_at'],
    ['a list that does not exist', { id: 'u', lists: ['l1'] }, 'lists[0]'],
    ['a number as a name', { id: 'u', first_name: 7 }, 'first_name'],
  ])('refuses %s and names the place', async (_what, body, place) => {
    const answer = await api.post('/v1/users', { basic: keyOnly, body });
    expect([answer.status, typeof answer.body.error, answer.body.details?.map(({ path }: { path: string }) => path)]).toEqual([400, 'string', [place]]);
    expect(answer.body.error).toContain(place);
  });

  it('refuses more than 64 KiB or 1,000 keys of meta, adding up what is there', async () => {
    const uid = unique('many');
    const half = (from: number) => Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${from + index}`, 1]));
    expect((await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: half(0) } })).status).toBe(200);
    const answer = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: half(600) } });
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining('meta')]);
    expect(Object.keys((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.meta)).toHaveLength(600);
  });
});

describe('changing an email on the engagement surface', () => {
  const uid = unique('mail');

  beforeAll(async () => {
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, first_name: 'M' } });
  });

  it('is setting it, as long as there is none: the key alone may', async () => {
    expect((await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: 'first@example.com' } })).body.email).toBe('first@example.com');
  });

  it('is no change when it is the same', async () => {
    expect((await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: 'first@example.com' } })).status).toBe(200);
  });

  it('takes key and secret, and a refused update writes nothing at all', async () => {
    const refused = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: 'second@example.com', first_name: 'Changed' } });
    expect(refused.status).toBe(401);
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body).toMatchObject({ email: 'first@example.com', first_name: 'M' });
    expect((await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, email: 'second@example.com' } })).body.email).toBe('second@example.com');
  });
});

// Whoever gives a login an address has its password mailed there.
describe('the email that somebody logs in by', () => {
  const theirs = (name: string) => `${name}@theirs.example`;

  async function whoLogsIn(role: string, email: string | null): Promise<string> {
    const username = unique('logs-in');
    const { status } = await api.post(`/${projectSlug}/users/register`, { headers: { authorization: `Bearer ${await adminToken()}` }, body: { username, email, password: 'correct horse battery', roles: [role] } });
    expect(status).toBe(200);
    return email ?? username;
  }

  it('is changed with key and secret, as long as its user may not do more than these', async () => {
    const email = `${unique('viewer')}@example.com`;
    await whoLogsIn('viewer', email);
    expect((await api.put(`/v1/users/${email}`, { basic: keyAndSecret, body: { email: theirs(email.split('@')[0]!) } })).status).toBe(200);
  });

  it('stays as it is for clients of B, of A, and in a merge, where its user may give roles', async () => {
    const email = `${unique('boss')}@example.com`;
    await whoLogsIn('project_admin', email);
    const unmailed = await whoLogsIn('project_admin', null);
    const source = unique('source');
    await api.post('/v1/users', { basic: keyOnly, body: { id: source, email: theirs(source) } });
    const headers = { authorization: `Bearer ${await environmentToken()}` };
    const users = [{ id: unique('beside'), profile: { city: 'Oslo' } }, { id: email, profile: { email: theirs('a') } }];
    const answers = await Promise.all([
      api.put(`/v1/users/${email}`, { basic: keyAndSecret, body: { email: theirs('b') } }),
      api.post('/v1/users', { basic: keyAndSecret, body: { id: email, email: theirs('c'), first_name: 'Changed' } }),
      api.post('/v1/users/merge', { basic: keyAndSecret, body: { source, destination: unmailed } }),
      api.post('/users', { headers, body: { users } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(answers[3]?.body.error).toMatchObject({ code: 'login-outranks', details: [{ path: 'users[1].profile.email' }] });
    expect((await api.get(`/v1/users/${email}`, { basic: keyAndSecret })).body).toMatchObject({ email, first_name: null });
    expect((await api.get(`/v1/users/${unmailed}`, { basic: keyAndSecret })).body.email).toBeNull();
    expect((await api.get(`/v1/users/${users[0]!.id}`, { basic: keyAndSecret })).status).toBe(404);
    // The key alone hears what it does of everybody who logs in.
    for (const user of [unmailed, await whoLogsIn('viewer', null)]) expect((await api.put(`/v1/users/${user}`, { basic: keyOnly, body: { email: theirs('d') } })).status).toBe(401);
    // What nobody logs in by is theirs to write.
    expect((await api.put(`/v1/users/${email}`, { basic: keyAndSecret, body: { email, first_name: 'Ada' } })).body).toMatchObject({ email, first_name: 'Ada' });
  });
});

describe('what the engagement surface accepts of an event', () => {
  const uid = unique('events');

  beforeAll(async () => {
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid } });
  });

  it('stores an event once, however often and from however many connections its id arrives', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { id: 'once', event: 'Once' } })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Once' }, headers: { 'idempotency-key': 'once' } });
    expect((await api.get(`/v1/users/${uid}/events?event=Once`, { basic: keyAndSecret })).body.data).toHaveLength(1);
  });

  it('pages through the time line, newest first, without missing or doubling one', async () => {
    for (let day = 1; day <= 9; day += 1) await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Day', value: day, timestamp: `2024-02-0${day}` } });
    const seen: number[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(`/v1/users/${uid}/events?event=Day&limit=4&from=2024-02-02&to=2024-02-09${cursor}`, { basic: keyAndSecret });
      seen.push(...body.data.map(({ value }: { value: number }) => value));
      cursor = body.next_cursor === undefined ? '' : `&cursor=${encodeURIComponent(body.next_cursor as string)}`;
    } while (cursor !== '');
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2]);
  });

  it('answers 404 for a user that nobody knows', async () => {
    expect((await api.post(`/v1/users/${unique('nobody')}/events`, { basic: keyOnly, body: { event: 'x' } })).status).toBe(404);
    expect((await api.get(`/v1/users/${unique('nobody')}/events`, { basic: keyAndSecret })).status).toBe(404);
  });

  it.each<[what: string, body: object, place: string]>([
    ['no name', { value: 1 }, 'event'],
    ['a property that is an object', { event: 'e', properties: { a: {} } }, 'properties.a: must be a string, a number'],
    ['a value that is an array', { event: 'e', value: [1] }, 'value: must be a string, a number'],
    ['a whole number that JSON would round', { event: 'e', value: 2 ** 53 }, 'value: is too large'],
    ['a timestamp more than a day ahead', { event: 'e', timestamp: new Date(Date.now() + 25 * 3_600_000).toISOString() }, 'timestamp'],
    ['a timestamp on a day that does not exist', { event: 'e', timestamp: '2024-02-30' }, 'timestamp'],
    ['a timestamp that is none', { event: 'e', timestamp: 'soon' }, 'timestamp'],
    ['more than 32 KiB', { event: 'e', properties: { a: 'x'.repeat(33_000) } }, 'at most 32768 bytes'],
    ['a NUL character', { event: 'e', properties: { a: '\u0000' } }, 'properties.a'],
  ])('refuses %s and names the place', async (_what, body, place) => {
    const answer = await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body });
    expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining(place)]);
  });

  it.each(['limit=0', 'limit=-1', 'limit=ten', 'cursor=tampered', 'from=soon'])('refuses a time line asked with %s', async (query) => {
    expect((await api.get(`/v1/users/${uid}/events?${query}`, { basic: keyAndSecret })).status).toBe(400);
  });
});
