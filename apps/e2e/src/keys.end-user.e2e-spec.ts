import { createHmac, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT, type JWTPayload } from 'jose';
import { eventually, pause, testKeyPair } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';

const { demo } = platform;
const base = `/v1/admin/projects/${demo.project.id}/sdk-keys`;
const headers = { 'x-api-key': demo.apiKey };
const ed25519 = testKeyPair('ed25519');
const jwk = (key: KeyObject) => key.export({ format: 'jwk' });
const now = () => Math.floor(Date.now() / 1_000);

/** Custom fields of this spec alone: the project is shared. */
const fields = ['sdk_plan', 'sdk_tags', 'sdk_essay', 'sdk_joined'].map((field) => ({ name: field, label: field, type: field === 'sdk_joined' ? 'date' : 'text' }));
const claims = { ph: 'phone', fullname: 'name', mail: 'email', town: 'city', plan: 'sdk_plan', tags: 'sdk_tags', essay: 'sdk_essay', joined: 'sdk_joined', stray: 'sdk_undeclared' };
const name = unique('sdk');
let keyId: string;

const register = (body: object = {}) => api.put(base, { headers, body: { name, public_key: jwk(ed25519.publicKey), algorithm: 'EdDSA', claims, ...body } });

beforeAll(async () => {
  expect((await api.put('/users/custom-profile-fields', { bearer: await environmentToken('workbench'), body: fields })).status).toBe(200);
  keyId = (await register()).body.sdk_key_id as string;
});

afterAll(async () => {
  const bearer = await environmentToken('workbench');
  for (const field of fields) await api.delete(`/users/custom-profile-fields/${field.name}`, { bearer });
});

interface Signing {
  key?: KeyObject;
  alg?: string;
  header?: object;
}

/** A token as an application's backend makes it. Every one differs, like those of a backend that sets `jti`. */
function sign(payload: JWTPayload, { key = ed25519.privateKey, alg = 'EdDSA', header = {} }: Signing = {}): Promise<string> {
  return new SignJWT({ iss: keyId, exp: now() + 3_600, jti: unique('jti'), ...payload }).setProtectedHeader({ alg, ...header }).sign(key);
}

const me = (bearer: string, path = '/users/me') => api.get(path, { bearer });
const read = (uid: string) => api.get(`/v1/users/${uid}`, { basic: keyAndSecret });

describe('an SDK key', () => {
  it('is registered, shown, replaced under its name, and removed', async () => {
    const own = unique('key');
    const made = await register({ name: own });
    expect([made.status, made.body]).toEqual([200, { sdk_key_id: expect.any(String), name: own, algorithm: 'EdDSA', public_key: jwk(ed25519.publicKey), claims, created_at: expect.any(String), updated_at: expect.any(String) }]);
    const path = `${base}/${made.body.sdk_key_id}`;
    expect((await api.get(path, { headers })).body).toEqual(made.body);
    const p256 = testKeyPair('ec', { namedCurve: 'P-256' });
    const replaced = await register({ name: own, algorithm: 'ES256', public_key: p256.publicKey.export({ format: 'pem', type: 'spki' }), claims: undefined });
    expect(replaced.body).toMatchObject({ sdk_key_id: made.body.sdk_key_id, algorithm: 'ES256', public_key: jwk(p256.publicKey), claims: {} });
    expect((await api.get(base, { headers })).body.sdk_keys).toContainEqual(replaced.body);
    expect((await api.delete(path, { headers })).status).toBe(204);
    expect([(await api.get(path, { headers })).status, (await api.delete(path, { headers })).status]).toEqual([404, 404]);
  });

  it('that is private is refused in a clear sentence, and is in no answer and no log', async () => {
    const { d } = jwk(ed25519.privateKey);
    for (const public_key of [jwk(ed25519.privateKey), ed25519.privateKey.export({ format: 'pem', type: 'pkcs8' })]) {
      const answer = await register({ name: unique('private'), public_key });
      expect([answer.status, answer.body.detail, answer.body.errors[0].path]).toEqual([400, expect.stringContaining('is a private key'), 'public_key']);
      expect(answer.text).not.toContain(d);
    }
  });

  it.each<[what: string, body: () => object, place: string]>([
    ['an RSA key of 1,024 bits', () => ({ algorithm: 'RS256', public_key: jwk(testKeyPair('rsa', { modulusLength: 1_024 }).publicKey) }), 'public_key'],
    ['a key of another algorithm', () => ({ algorithm: 'ES256' }), 'public_key'],
    ['no key', () => ({ public_key: undefined }), 'public_key'],
    ['an algorithm that is not offered', () => ({ algorithm: 'HS256' }), 'algorithm'],
    ['a name of the form of an id', () => ({ name: '01890000-0000-7000-8000-000000000000' }), 'name'],
    ['a claim for what Rollcall keeps by itself', () => ({ claims: { seen: 'last_seen_at' } }), 'claims.seen'],
    ['two claims for one field', () => ({ claims: { a: 'plan', b: 'plan' } }), 'claims'],
    ['a claim for nothing', () => ({ claims: { a: '' } }), 'claims.a'],
    ['an unknown field', () => ({ kid: 'k' }), 'kid'],
  ])('is refused with %s, and the place is named', async (_what, body, place) => {
    const answer = await register({ name: unique('bad'), ...body() });
    expect([answer.status, answer.body.errors?.[0].path]).toEqual([400, place]);
  });
});

describe('the first use of an end-user token', () => {
  it('creates the user with its claims, on every surface', async () => {
    const uid = unique('new');
    const answer = await me(await sign({ sub: uid, ph: '+64 21 1', fullname: 'Sam Smith', mail: `${uid}@example.com`, plan: 'pro', town: 'Auckland', joined: '2024-02-03', unmapped: 1 }));
    expect([answer.status, answer.headers.get('x-rollcall-claims-skipped')]).toEqual([200, null]);
    expect(answer.body.data).toMatchObject({ id: uid, profile: { name: 'Sam Smith', email: `${uid}@example.com`, phone: '+64 21 1', city: 'Auckland', sdk_plan: 'pro', sdk_joined: '2024-02-03' } });
    expect((await read(uid)).body).toMatchObject({ uid, number: '+64 21 1', email: `${uid}@example.com`, first_name: 'Sam', last_name: 'Smith', meta: { sdk_plan: 'pro' } });
  });

  it('updates a user who is there, and an absent claim, or null, removes nothing', async () => {
    const uid = unique('known');
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, number: '1', meta: { sdk_plan: 'free', other: true } } });
    expect((await me(await sign({ sub: uid, plan: 'pro', ph: null }))).status).toBe(200);
    expect((await read(uid)).body).toMatchObject({ number: '1', meta: { sdk_plan: 'pro', other: true } });
  });

  it('leaves out, and names, the claims that the profile refuses', async () => {
    const uid = unique('odd');
    const token = await sign({ sub: uid, plan: 'pro', tags: ['a'], essay: 'x'.repeat(8_193), mail: 'nobody', ph: 64_211, fullname: 'a\u0000b', town: 'x'.repeat(257), joined: 'soon', stray: 1 });
    for (const answer of [await me(token), await me(token)]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-rollcall-claims-skipped')!.split(', ').sort()).toEqual(['essay', 'fullname', 'joined', 'mail', 'ph', 'stray', 'tags', 'town']);
    }
    expect((await read(uid)).body).toMatchObject({ meta: { sdk_plan: 'pro' }, email: null, number: null });
  });

  it('leaves out an email that another user of the project logs in by', async () => {
    const [owner, other] = [unique('owner'), unique('other')];
    for (const uid of [owner, other]) {
      const { id } = (await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: `${uid}@example.com` } })).body;
      expect((await api.post(`/${projectSlug}/users/${id}/change-password`, { headers, body: { password: 'correct horse battery' } })).status).toBe(200);
    }
    const answer = await me(await sign({ sub: other, mail: `${owner}@example.com`, plan: 'pro' }));
    expect([answer.status, answer.headers.get('x-rollcall-claims-skipped'), answer.body.data.profile]).toEqual([200, 'mail', expect.objectContaining({ email: `${other}@example.com`, sdk_plan: 'pro' })]);
  });

  it('is the only one that writes: what is changed later stays', async () => {
    const uid = unique('once');
    const token = await sign({ sub: uid, plan: 'pro' });
    await me(token);
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: { sdk_plan: 'enterprise' } } });
    expect((await me(token)).body.data.profile.sdk_plan).toBe('enterprise');
    expect((await me(await sign({ sub: uid, plan: 'basic' }))).body.data.profile.sdk_plan).toBe('basic');
  });

  it('makes one user, however many requests come first', async () => {
    const uid = unique('many');
    const tokens = await Promise.all(Array.from({ length: 4 }, () => sign({ sub: uid, plan: 'pro' })));
    const answers = await Promise.all([...tokens, ...tokens, ...tokens].map((token) => me(token)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.data.created)).size).toBe(1);
  });

  it('is for the token’s own project when the path names one, and the key may then go by its name', async () => {
    const uid = unique('named');
    for (const project of [projectSlug, demo.project.id]) {
      expect((await me(await sign({ sub: uid }), `/v1/${project}/users/me`)).status).toBe(200);
      expect((await me(await sign({ sub: uid, iss: name }), `/v1/${project}/users/me`)).status).toBe(200);
    }
    expect((await me(await sign({ sub: uid, iss: name }))).status).toBe(401);
    expect((await me(await sign({ sub: uid }), '/v1/no-such-project/users/me')).status).toBe(404);
  });
});

describe('an end user', () => {
  it('tracks events of their own, once for each id', async () => {
    const uid = unique('tracker');
    const token = await sign({ sub: uid });
    const body = { id: 'e1', event: 'Opened', value: 3, properties: { screen: 'home' }, timestamp: '2024-02-03T04:05:06Z' };
    for (const path of ['/users/me/events', '/users/me/events', `/v1/${projectSlug}/users/me/events`]) {
      const answer = await api.post(path, { bearer: token, body });
      expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
    }
    await api.post('/users/me/events', { bearer: token, body: { event: 'Opened' }, headers: { 'idempotency-key': 'e1' } });
    const { data } = (await api.get(`/v1/users/${uid}/events`, { basic: keyAndSecret })).body;
    expect(data).toEqual([{ ...body, timestamp: '2024-02-03T04:05:06.000Z' }]);
  });

  it('sees and changes their own preferences, as they are on the whole surface', async () => {
    const uid = unique('wishes');
    const token = await sign({ sub: uid });
    expect((await me(token)).body.data).toMatchObject({ preferences: { timezone: null, notificationsEnabled: true }, preferencesUpdated: null });
    const changed = await api.put('/users/me/preferences', { bearer: token, body: { timezone: 'Pacific/Auckland', notificationsEnabled: false } });
    expect([changed.status, changed.body.data.preferences]).toEqual([200, { timezone: 'Pacific/Auckland', notificationsEnabled: false }]);
    const partly = await api.put(`/v1/${projectSlug}/users/me/preferences`, { bearer: token, body: { timezone: null } });
    expect(partly.body.data.preferences).toEqual({ timezone: null, notificationsEnabled: false });
    // Their own look counts as a sign of life, and is what the list shows after it.
    const mine = (await me(token)).body.data;
    expect((await api.get('/users?limit=1', { bearer: await environmentToken() })).body.data.users[0]).toEqual(mine);
  });

  it.each<[what: string, body: unknown, place: string]>([
    ['another field', { theme: 'dark' }, 'theme'],
    ['a text for yes or no', { notificationsEnabled: 'yes' }, 'notificationsEnabled'],
    ['a number for a time zone', { timezone: 12 }, 'timezone'],
  ])('is refused preferences with %s', async (_what, body, place) => {
    const answer = await api.put('/users/me/preferences', { bearer: await sign({ sub: unique('p') }), body });
    expect([answer.status, answer.body.error.details[0].path]).toEqual([400, place]);
  });

  it.each<[what: string, body: object, place: string]>([
    ['no name', { value: 1 }, 'event'],
    ['an object as a property', { event: 'e', properties: { a: {} } }, 'properties.a'],
    ['a timestamp more than a day ahead', { event: 'e', timestamp: new Date(Date.now() + 25 * 3_600_000).toISOString() }, 'timestamp'],
  ])('is refused an event with %s', async (_what, body, place) => {
    const answer = await api.post('/users/me/events', { bearer: await sign({ sub: unique('e') }), body });
    expect([answer.status, answer.body.error.details[0].path]).toEqual([400, place]);
  });

  it('may do nothing else with the token, which is known all the same', async () => {
    const uid = unique('limited');
    const token = await sign({ sub: uid });
    const { body } = await me(token);
    const calls: [method: string, path: string, body?: object][] = [
      ['PUT', '/delete-users', { data: [body.data.id] }],
      ['PUT', `/v1/${projectSlug}/delete-users`, { data: [body.data.id] }],
      ['GET', `/${projectSlug}/users/01890000-0000-7000-8000-000000000000`],
      ['GET', base],
      ['GET', `/v1/users/${uid}`],
    ];
    for (const [method, path, payload] of calls) expect([path, (await api.send(method, path, { bearer: token, body: payload })).status]).toEqual([path, 403]);
    expect((await read(uid)).status).toBe(200);
  });

  it('who was erased is gone for good, for the token that was used before and for a new one', async () => {
    const uid = unique('erased');
    const token = await sign({ sub: uid, plan: 'pro' });
    expect((await me(token)).status).toBe(200);
    await api.put('/delete-users', { bearer: await environmentToken(), body: { data: [uid] } });
    for (const bearer of [token, await sign({ sub: uid })]) {
      const answers = [await me(bearer), await api.post('/users/me/events', { bearer, body: { event: 'Late' } }), await api.put('/users/me/preferences', { bearer, body: { timezone: 'Late' } })];
      expect(answers.map(({ status, body: { error } }) => [status, error.code, error.message, error.details])).toEqual(answers.map(() => [410, 'user-erased', 'This user was erased.', []]));
    }
    expect((await read(uid)).status).toBe(404);
  });

  it('who is made anew under the erased id has the old token’s calls go to the new user', async () => {
    const uid = unique('again');
    const token = await sign({ sub: uid });
    await me(token);
    await api.put('/delete-users', { bearer: await environmentToken(), body: { data: [uid] } });
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: { sdk_plan: 'new' } } });
    expect((await me(token)).body.data.profile).toMatchObject({ sdk_plan: 'new' });
    expect((await api.post('/users/me/events', { bearer: token, body: { event: 'Back' } })).status).toBe(200);
  });
});

describe('a token is refused', () => {
  const uid = unique('refused');
  const other = testKeyPair('ed25519');
  const rsa = testKeyPair('rsa', { modulusLength: 2_048 });
  const unsigned = (header: object, payload: object) => [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

  it.each<[what: string, token: () => Promise<string> | string]>([
    ['without exp', () => sign({ sub: uid, exp: undefined })],
    ['that has expired', () => sign({ sub: uid, exp: now() - 1 })],
    ['that lives longer than 24 h', () => sign({ sub: uid, exp: now() + 24 * 3_600 + 60 })],
    ['whose exp is a text', () => sign({ sub: uid, exp: `${now() + 60}` as never })],
    ['that begins later', () => sign({ sub: uid, nbf: now() + 60 })],
    ['without sub', () => sign({})],
    ['whose sub is a number', () => sign({ sub: 7 as never })],
    ['whose sub is no id', () => sign({ sub: 'a/b' })],
    ['whose sub is a reserved word', () => sign({ sub: 'me' })],
    ['without iss', () => sign({ sub: uid, iss: undefined })],
    ['of an unknown key', () => sign({ sub: uid, iss: '01890000-0000-7000-8000-000000000000' })],
    ['signed by another key', () => sign({ sub: uid }, { key: other.privateKey })],
    ['of another algorithm than the key’s', () => sign({ sub: uid }, { key: rsa.privateKey, alg: 'RS256' })],
    ['that is not signed', () => `${unsigned({ alg: 'none' }, { iss: keyId, sub: uid, exp: now() + 60 })}.`],
    ['signed with the public key as a secret', () => {
      const text = unsigned({ alg: 'HS256' }, { iss: keyId, sub: uid, exp: now() + 60 });
      return `${text}.${createHmac('sha256', ed25519.publicKey.export({ format: 'pem', type: 'spki' })).update(text).digest('base64url')}`;
    }],
    ['with an embedded key', () => sign({ sub: uid }, { key: other.privateKey, header: { jwk: jwk(other.publicKey) } })],
    ['with an embedded key that is the right one', () => sign({ sub: uid }, { header: { jwk: jwk(ed25519.publicKey) } })],
    ['with a jku', () => sign({ sub: uid }, { header: { jku: 'https://127.0.0.1/keys' } })],
    ['with an x5u', () => sign({ sub: uid }, { header: { x5u: 'https://127.0.0.1/cert' } })],
    ['with an x5c', () => sign({ sub: uid }, { header: { x5c: ['MIIB'] } })],
    ['that is none', () => 'a.b.c'],
    ['of a client', () => environmentToken()],
  ])('%s', async (_what, token) => {
    const answer = await me(await token());
    expect([answer.status, answer.body.error.code, answer.headers.get('www-authenticate')]).toEqual([401, 'credentials-invalid', 'Bearer realm="rollcall"']);
  });

  it('without any: 401, as on every surface', async () => {
    expect((await api.get('/users/me')).status).toBe(401);
  });

  it('and none of them made a user', async () => {
    expect((await read(uid)).status).toBe(404);
  });

  it('a second after its key is replaced or removed', async () => {
    const own = unique('short');
    const { sdk_key_id: iss } = (await register({ name: own })).body;
    const token = await sign({ sub: unique('u'), iss });
    expect((await me(token)).status).toBe(200);
    await register({ name: own, public_key: jwk(other.publicKey) });
    await pause(1_000);
    expect((await me(token)).status).toBe(401);
    const renewed = await sign({ sub: unique('u'), iss }, { key: other.privateKey });
    expect((await me(renewed)).status).toBe(200);
    await api.delete(`${base}/${iss}`, { headers });
    await pause(1_000);
    expect((await me(renewed)).status).toBe(401);
  });

  it.each(['RS256', 'ES256'] as const)('or taken: %s works too', async (algorithm) => {
    const pair = algorithm === 'RS256' ? rsa : testKeyPair('ec', { namedCurve: 'P-256' });
    const { sdk_key_id: iss } = (await register({ name: unique(algorithm), algorithm, public_key: pair.publicKey.export({ format: 'pem', type: 'spki' }) })).body;
    await eventually(async () => expect((await me(await sign({ sub: unique('u'), iss }, { key: pair.privateKey, alg: algorithm }))).status).toBe(200));
  });
});
