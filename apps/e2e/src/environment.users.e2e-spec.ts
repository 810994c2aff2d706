import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, projectSlug, unique } from './platform-under-test.js';

let events: string;
let workbench: string;
let admin: string;

/** Names of fields that only this spec uses: all specs share one project. */
const field = { plan: unique('plan').replaceAll('-', '_'), joined: unique('joined').replaceAll('-', '_'), score: unique('score').replaceAll('-', '_'), beta: unique('beta').replaceAll('-', '_') };
const fieldsPath = '/users/custom-profile-fields';

beforeAll(async () => {
  [events, workbench, admin] = await Promise.all([environmentToken('events'), environmentToken('workbench'), adminToken()]);
  const declared = await api.put(fieldsPath, { bearer: workbench, body: [
    { name: field.plan, label: 'Plan', type: 'text' },
    { name: field.joined, label: 'Joined', type: 'date' },
    { name: field.score, label: 'Score', type: 'number' },
    { name: field.beta, label: 'Beta tester', type: 'boolean' },
  ] });
  expect(declared.status).toBe(200);
});

afterAll(async () => {
  for (const name of Object.values(field)) await api.delete(`${fieldsPath}/${name}`, { bearer: workbench });
});

const save = (...users: unknown[]) => api.post('/users', { bearer: events, body: { users } });
const paths = (answer: { body: { error: { details: { path: string }[] } } }) => answer.body.error.details.map(({ path }) => path);
const range = (count: number) => [...Array(count).keys()];

/** The customer as the list tells it; looked for from the newest on. */
async function listed(id: string): Promise<Record<string, unknown> | undefined> {
  const { body } = await api.get('/users?limit=100', { bearer: events });
  return (body.data.users as { id: string }[]).find((user) => user.id === id);
}

describe('custom profile fields', () => {
  it('are listed with type and label, on both paths', async () => {
    const all = await api.get(fieldsPath, { bearer: workbench });
    expect([all.status, all.body.data]).toEqual([200, expect.arrayContaining([{ name: field.plan, type: 'text', label: 'Plan' }, { name: field.joined, type: 'date', label: 'Joined' }])]);
    expect((await api.get(`/v1/${projectSlug}${fieldsPath}`, { bearer: workbench })).body).toEqual(all.body);
  });

  it('are added and relabelled one at a time too', async () => {
    const name = unique('one').replaceAll('-', '_');
    const put = async (body: object) => (await api.put(fieldsPath, { bearer: workbench, body })).body.data.filter((one: { name: string }) => one.name === name) as object[];
    expect(await put({ name, label: 'One', type: 'text' })).toEqual([{ name, label: 'One', type: 'text' }]);
    expect(await put({ name, label: 'Uno', type: 'text' })).toEqual([{ name, label: 'Uno', type: 'text' }]);
    expect(await put({ name, type: 'date' })).toEqual([{ name, label: 'Uno', type: 'date' }]);
    const left = await api.delete(`${fieldsPath}/${name}`, { bearer: workbench });
    expect([left.status, left.body.data.some((one: { name: string }) => one.name === name)]).toEqual([200, false]);
    expect((await api.delete(`${fieldsPath}/${name}`, { bearer: workbench })).status).toBe(404);
  });

  it.each<[what: string, body: unknown, places: string[]]>([
    ['an unknown type', { name: 'x', type: 'list' }, ['type']],
    ['no name', [{ name: 'x', type: 'text' }, { type: 'text' }], ['[1].name']],
    ['a standard field', [{ name: 'email', type: 'text' }], ['[0].name']],
    ['a name with a space', { name: 'a b', type: 'text' }, ['name']],
    ['one name twice', [{ name: 'x', type: 'text' }, { name: 'x', type: 'date' }], ['[1].name']],
    ['an unknown key', { name: 'x', type: 'text', required: true }, ['required']],
    ['no field', [], ['']],
    ['a text', '"x"', ['']],
  ])('are refused with %s', async (_what, body, places) => {
    const answer = await api.put(fieldsPath, { bearer: workbench, body });
    expect([answer.status, paths(answer)]).toEqual([400, places]);
    if (places[0] !== '') expect(answer.body.error.message).toContain(`${places[0]}: `);
  });

  it('take the role workbench, for reading too', async () => {
    for (const [bearer, status] of [[events, 403], ['nonsense', 401], [undefined, 401]] as const) {
      expect((await api.get(fieldsPath, { bearer })).status).toBe(status);
      expect((await api.put(fieldsPath, { bearer, body: { name: 'x', type: 'text' } })).status).toBe(status);
      expect((await api.delete(`${fieldsPath}/x`, { bearer })).status).toBe(status);
    }
  });

  it('keep their type while stored values contradict another, and say how many do', async () => {
    const name = unique('retyped').replaceAll('-', '_');
    await api.put(fieldsPath, { bearer: workbench, body: { name, type: 'text' } });
    await save({ id: unique('u'), profile: { [name]: '34' } }, { id: unique('u'), profile: { [name]: 'old' } }, { id: unique('u'), profile: { [name]: 'older' } });
    const refused = await api.put(fieldsPath, { bearer: workbench, body: [{ name, type: 'number' }] });
    expect([refused.status, refused.body.error.code, refused.body.error.message, paths(refused)]).toEqual([409, 'field-conflict', expect.stringContaining('2 stored values'), ['[0].type']]);
    await api.delete(`${fieldsPath}/${name}`, { bearer: workbench });
  });

  it('hold their type on every surface', async () => {
    const id = unique('typed');
    const onB = await api.post('/v1/users', { basic: keyOnly, body: { id, meta: { [field.score]: '10' } } });
    expect([onB.status, onB.body.details]).toEqual([400, [{ path: `meta.${field.score}`, message: expect.stringContaining('number') }]]);
    expect((await api.post('/v1/users', { basic: keyOnly, body: { id, meta: { [field.score]: 10, [field.joined]: '2022-04-10' } } })).status).toBe(200);
    expect((await listed(id))!['profile']).toMatchObject({ [field.score]: 10, [field.joined]: '2022-04-10' });
  });

  it('when removed take their values with them, on every surface, and come back without them', async () => {
    const [name, id] = [unique('removed').replaceAll('-', '_'), unique('u')];
    await api.put(fieldsPath, { bearer: workbench, body: { name, type: 'text' } });
    await save({ id, profile: { [name]: 'x', [field.plan]: 'pro' } });
    await api.delete(`${fieldsPath}/${name}`, { bearer: workbench });
    expect((await api.get(`/v1/users/${id}`, { basic: keyAndSecret })).body.meta).toEqual({ [field.plan]: 'pro' });
    expect(paths(await save({ id, profile: { [name]: 'y' } }))).toEqual([`users[0].profile.${name}`]);
    await api.put(fieldsPath, { bearer: workbench, body: { name, type: 'text' } });
    expect((await listed(id))!['profile']).not.toHaveProperty(name);
    await api.delete(`${fieldsPath}/${name}`, { bearer: workbench });
  });
});

describe('saving customers', () => {
  it('creates them, and answers what is stored in the order of the request', async () => {
    const [one, two] = [unique('one'), unique('two')];
    const saved = await save(
      { id: two, profile: { name: 'Sam Smith', email: '', phone: '+64 21 123', city: 'Auckland', country: 'NZ', region: 'Auckland', timezone: 'Pacific/Auckland', [field.plan]: 'pro', [field.score]: 0, [field.beta]: false, [field.joined]: '2022-01-20T01:55:58.643Z' } },
      { id: one },
    );
    expect([saved.status, saved.body]).toEqual([200, { data: { users: [
      { id: two, profile: { name: 'Sam Smith', email: '', phone: '+64 21 123', city: 'Auckland', country: 'NZ', region: 'Auckland', timezone: 'Pacific/Auckland', [field.plan]: 'pro', [field.score]: 0, [field.beta]: false, [field.joined]: '2022-01-20T01:55:58.643Z' } },
      { id: one, profile: { email: '' } },
    ] } }]);
  });

  it('merges into those who are there; null removes', async () => {
    const id = unique('merge');
    await save({ id, profile: { name: 'A B', phone: '1', [field.plan]: 'pro', [field.score]: 1 } });
    const saved = await save({ id, profile: { phone: null, city: 'Lagos', [field.plan]: null, [field.score]: 2 } });
    expect(saved.body.data.users).toEqual([{ id, profile: { name: 'A B', email: '', city: 'Lagos', [field.score]: 2 } }]);
  });

  it('is read on B and C at once, and what they write on A', async () => {
    const id = unique('seen');
    await save({ id, profile: { name: 'Mary Ann Smith', email: `${id}@example.com`, phone: '123', [field.plan]: 'pro' } });
    const onB = await api.get(`/v1/users/${id}`, { basic: keyAndSecret });
    expect(onB.body).toMatchObject({ uid: id, first_name: 'Mary Ann', last_name: 'Smith', email: `${id}@example.com`, number: '123', meta: { [field.plan]: 'pro' } });
    const onC = await api.get(`/${projectSlug}/users/${onB.body.id}`, { bearer: admin });
    expect(onC.body).toMatchObject({ firstName: 'Mary Ann', lastName: 'Smith', email: `${id}@example.com`, mobilePhone: '123', attributes: { [field.plan]: 'pro' } });
    await api.post('/v1/users', { basic: keyAndSecret, body: { id, number: '456', meta: { [field.plan]: 'free', undeclared: 1 } } });
    expect((await listed(id))!['profile']).toEqual({ name: 'Mary Ann Smith', email: `${id}@example.com`, phone: '456', [field.plan]: 'free' });
  });

  it('updates who registered by the id that is shown for them, and B’s POST does too: nobody is made beside them', async () => {
    const name = unique('shown');
    const email = `${name}@example.com`;
    const ids = [];
    for (const body of [{ username: name }, { username: `${name}-2`, email }]) ids.push((await api.post(`/${projectSlug}/users/register`, { bearer: admin, body })).body.result);
    const saved = await save({ id: name, profile: { city: 'Lagos' } }, { id: email, profile: { city: 'Oslo' } });
    expect(saved.body.data.users).toEqual([{ id: name, profile: { email: '', city: 'Lagos' } }, { id: email, profile: { email, city: 'Oslo' } }]);
    for (const [n, uid] of [name, email].entries()) {
      const onB = await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, last_name: 'King' } });
      expect(onB.body).toMatchObject({ id: ids[n], uid, uid_updateable: true, last_name: 'King' });
    }
    const found = await api.get(`/${projectSlug}/users?search=${name}`, { bearer: admin });
    expect(found.body.data.map(({ id, lastName }: Record<string, string>) => [id, lastName]).sort()).toEqual(ids.map((id) => [id, 'King']).sort());
    // What was listed once is gone once it was erased.
    expect((await api.put('/delete-users', { bearer: events, body: { data: [name, email] } })).body.data).toEqual([name, email]);
    expect([await listed(name), await listed(email)]).toEqual([undefined, undefined]);
  });

  it('takes no email for none, which B and C call null', async () => {
    const id = unique('none');
    await save({ id, profile: { email: 'a@example.com' } });
    await save({ id, profile: { email: '' } });
    expect((await api.get(`/v1/users/${id}`, { basic: keyAndSecret })).body.email).toBeNull();
  });

  it('shows first and last name joined where no whole name was given', async () => {
    const id = unique('joined');
    await api.post('/v1/users', { basic: keyOnly, body: { id, first_name: 'Ada', last_name: 'Lovelace' } });
    expect((await save({ id })).body.data.users[0].profile.name).toBe('Ada Lovelace');
  });

  it('keeps preferences, and when they changed', async () => {
    const id = unique('prefs');
    await save({ id });
    expect(await listed(id)).toMatchObject({ preferences: { timezone: null, notificationsEnabled: true }, preferencesUpdated: null });
    await save({ id, preferences: { timezone: 'Pacific/Auckland', notificationsEnabled: false } });
    const changed = await listed(id);
    expect(changed).toMatchObject({ preferences: { timezone: 'Pacific/Auckland', notificationsEnabled: false }, preferencesUpdated: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) });
    await save({ id, profile: { city: 'x' }, preferences: { notificationsEnabled: false } });
    expect((await listed(id))!['preferencesUpdated']).toBe(changed!['preferencesUpdated']);
  });

  it('knows when they were first and last seen', async () => {
    const id = unique('active');
    await save({ id });
    for (const timestamp of ['2022-05-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z', '2022-03-01T00:00:00.000Z']) await api.post(`/v1/users/${id}/events`, { basic: keyOnly, body: { event: 'e', timestamp } });
    expect((await listed(id))!['profile']).toMatchObject({ first_seen_at: '2021-01-01T00:00:00.000Z', last_seen_at: '2022-05-01T00:00:00.000Z' });
  });

  it('writes 1,000 or, with one mistake among them, none, and names it', async () => {
    const prefix = unique('batch');
    const users = range(1_000).map((n): { id: string; profile: Record<string, unknown> } => ({ id: `${prefix}-${n}`, profile: { [field.score]: n } }));
    users[3]!.profile[field.joined] = 'not a date';
    const refused = await save(...users);
    expect([refused.status, refused.body.error.code, paths(refused)]).toEqual([400, 'invalid-request', [`users[3].profile.${field.joined}`]]);
    expect((await api.get(`/v1/users/${prefix}-0`, { basic: keyAndSecret })).status).toBe(404);
    users[3]!.profile[field.joined] = '2022-04-10';
    const saved = await save(...users);
    expect(saved.body.data.users.map(({ id }: { id: string }) => id)).toEqual(users.map(({ id }) => id));
  });

  it('names every mistake of a batch, whatever their kinds', async () => {
    const [good, twice] = [unique('good'), unique('twice')];
    const refused = await save(
      { id: good, profile: { undeclared: 1, name: 7, [field.score]: 'ten' } },
      { id: 'a/b' },
      { id: twice, tags: [] },
      { id: good },
      { profile: {} },
      { id: unique('u'), profile: { [field.beta]: 'yes', [field.plan]: null, never: null, last_seen_at: '2022-04-10T00:00:00Z' }, preferences: { theme: 'dark' } },
      { id: unique('u'), profile: { email: 'nobody', [field.plan]: ['a'] } },
      'u',
    );
    expect(refused.status).toBe(400);
    expect(new Set(paths(refused))).toEqual(new Set([
      'users[0].profile.name', 'users[0].profile.undeclared', `users[0].profile.${field.score}`, 'users[1].id', 'users[2].tags', 'users[3].id', 'users[4].id',
      `users[5].profile.${field.beta}`, 'users[5].profile.never', 'users[5].profile.last_seen_at', 'users[5].preferences.theme', 'users[6].profile.email', `users[6].profile.${field.plan}`, 'users[7]',
    ]));
    expect((await api.get(`/v1/users/${good}`, { basic: keyAndSecret })).status).toBe(404);
  });

  it('says that there are more mistakes of an item than it names', async () => {
    const refused = await save({ id: unique('many'), profile: Object.fromEntries(range(150).map((n) => [`field${n}`, []])) });
    expect([paths(refused).length, refused.body.error.message]).toEqual([100, expect.stringContaining('(and 99 or more). Nothing was written.')]);
  });

  it.each([
    ['read', []],
    ['written', 'x'],
  ])('names a hundred mistakes of a batch at the most, of values that can’t be %s', async (_what, value) => {
    const profile = Object.fromEntries(range(90).map((n) => [`field${n}`, value]));
    const refused = await save(...range(20).map((n) => ({ id: unique(`many${n}`), profile })));
    expect([paths(refused).length, refused.body.error.message]).toEqual([100, expect.stringContaining('(and 99 or more). Nothing was written.')]);
  });

  it('is not looked at key by key with more keys than anybody keeps', async () => {
    const refused = await save({ id: unique('keys'), profile: Object.fromEntries(range(10_001).map((n) => [`f${n}`, []])) });
    expect([refused.status, refused.body.error.details]).toEqual([400, [{ path: 'users[0].profile', message: 'must not have more than 10000 keys' }]]);
  });

  it('is refused with a name of which a part is longer than B and C take', async () => {
    const id = unique('long-name');
    for (const name of ['x'.repeat(257), `${'x'.repeat(257)} y`, `x ${'y'.repeat(257)}`]) expect(paths(await save({ id, profile: { name } }))).toEqual(['users[0].profile.name']);
    expect((await save({ id, profile: { name: `${'x'.repeat(255)} ${'y'.repeat(256)}` } })).status).toBe(200);
  });

  it.each<[what: string, body: unknown, place: string]>([
    ['no users', {}, 'users'],
    ['an empty batch', { users: [] }, 'users'],
    ['1,001 users', { users: range(1_001).map((n) => ({ id: `many-${n}` })) }, 'users'],
    ['a key beside users', { users: [{ id: 'u' }], dryRun: true }, 'dryRun'],
    ['a reserved id', { users: [{ id: 'me' }] }, 'users[0].id'],
    ['an external id that is not the id', { users: [{ id: 'u', profile: { external_id: 'v' } }] }, 'users[0].profile.external_id'],
    ['a NUL character', { users: [{ id: 'u', profile: { city: 'a\u0000b' } }] }, 'users[0].profile.city'],
    ['a value over 8 KiB', { users: [{ id: 'u', profile: { [field.plan]: 'x'.repeat(8_193) } }] }, `users[0].profile.${field.plan}`],
  ])('is refused with %s', async (_what, body, place) => {
    const refused = await api.post('/users', { bearer: events, body });
    expect([refused.status, paths(refused)]).toEqual([400, [place]]);
  });

  it('of an erased id is gone, unless it says that somebody new is meant', async () => {
    const [id, other] = [unique('erased'), unique('other')];
    await save({ id, profile: { name: 'Old', [field.plan]: 'pro' } });
    await api.put('/delete-users', { bearer: events, body: { data: [id] } });
    expect(await listed(id)).toBeUndefined();
    const gone = await save({ id: other }, { id });
    expect([gone.status, gone.body.error.code, paths(gone)]).toEqual([410, 'user-erased', ['users[1].id']]);
    expect((await api.get(`/v1/users/${other}`, { basic: keyAndSecret })).status).toBe(404);
    const again = await save({ id, recreate: true });
    expect([again.status, again.body.data.users]).toEqual([200, [{ id, profile: { email: '' } }]]);
  });

  it('moves the login of somebody who logs in by the email, and is refused whole where it is another\'s', async () => {
    const [one, two, three] = [unique('login'), unique('login'), unique('login')];
    const password = 'correct horse battery staple';
    await save({ id: one, profile: { email: `${one}@example.com` } }, { id: two, profile: { email: `${two}@example.com` } });
    for (const id of [one, two]) {
      const { body } = await api.get(`/v1/users/${id}`, { basic: keyAndSecret });
      expect((await api.post(`/${projectSlug}/users/${body.id}/change-password`, { bearer: admin, body: { password } })).status).toBe(200);
    }
    const logsIn = async (email: string) => (await api.post(`/${projectSlug}/users/login`, { body: { username: email, password } })).status;
    const refused = await save({ id: one, profile: { email: `new-${one}@example.com` } }, { id: three }, { id: two, profile: { email: `new-${one}@example.com` } });
    expect([refused.status, paths(refused)]).toEqual([409, ['users[2].profile.email']]);
    expect([await logsIn(`${one}@example.com`), await logsIn(`new-${one}@example.com`)]).toEqual([200, 401]);
    expect(paths(await save({ id: one, profile: { email: `${two}@example.com` } }, { id: three, profile: { name: 7 } }))).toEqual(['users[0].profile.email', 'users[1].profile.name']);
    expect((await api.get(`/v1/users/${three}`, { basic: keyAndSecret })).status).toBe(404);
    expect((await save({ id: one, profile: { email: `new-${one}@example.com` } }, { id: three })).status).toBe(200);
    expect([await logsIn(`${one}@example.com`), await logsIn(`new-${one}@example.com`)]).toEqual([401, 200]);
  });
});

describe('listing customers', () => {
  it('shows the newest first, page by page, each once, on both paths', async () => {
    const prefix = unique('page');
    await save(...range(4).map((n) => ({ id: `${prefix}-${n}` })));
    await save(...range(3).map((n) => ({ id: `${prefix}-${n + 4}` })));
    const first = await api.get('/users?limit=3', { bearer: events });
    expect(first.body.data.users).toHaveLength(3);
    const second = await api.get(`/v1/${projectSlug}/users?limit=4&cursor=${first.body.cursor}`, { bearer: events });
    const ids = [...first.body.data.users, ...second.body.data.users].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(range(7).reverse().map((n) => `${prefix}-${n}`));
    expect(first.body.data.users[0]).toEqual({
      id: expect.stringContaining(prefix),
      preferences: { timezone: null, notificationsEnabled: true },
      preferencesUpdated: null,
      created: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      profile: { email: '' },
      segments: {},
    });
  });

  it('walks to the end, where there is no cursor', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.get(`/users?limit=100${cursor === null ? '' : `&cursor=${cursor}`}`, { bearer: events });
      expect(page.status).toBe(200);
      seen.push(...page.body.data.users.map(({ id }: { id: string }) => id));
      ({ cursor } = page.body);
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(1_000);
  });

  it.each(['limit=0', 'limit=101', 'limit=-1', 'limit=ten', 'limit=1.5', 'cursor=nonsense', `cursor=${'A'.repeat(27)}`])('refuses %s', async (query) => {
    const refused = await api.get(`/users?${query}`, { bearer: events });
    expect([refused.status, typeof refused.body.error.message]).toEqual([400, 'string']);
  });

  it('of a segment that does not exist is not found', async () => {
    const answer = await api.get('/users?segmentId=XQ19azQe', { bearer: events });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'segment-not-found']);
  });
});

describe('whose customers', () => {
  it('a token without the role events may not see or save any', async () => {
    for (const [bearer, status] of [[workbench, 403], ['nonsense', 401], [undefined, 401]] as const) {
      const [read, written] = [await api.get('/users', { bearer }), await api.post('/users', { bearer, body: { users: [{ id: 'u' }] } })];
      expect([read.status, written.status]).toEqual([status, status]);
      if (status === 401) expect(read.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  it('a path that names a project other than the token\'s is an unknown path, whether there is such a project or not', async () => {
    for (const request of [api.get('/v1/other/users', { bearer: events }), api.post('/v1/other/users', { bearer: events, body: { users: [{ id: 'u' }] } }), api.get(`/v1/other${fieldsPath}`, { bearer: workbench })]) {
      expect([(await request).status, (await request).body.error.code]).toEqual([404, 'project-not-found']);
    }
  });

  it('a wrong method is told which are right', async () => {
    const answer = await api.put('/users', { bearer: events, body: {} });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
  });
});
