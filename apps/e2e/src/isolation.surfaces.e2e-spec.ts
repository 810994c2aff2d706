import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { testKeyPair } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, platform, projectSlug, unique } from './platform-under-test.js';

/** A thing that an id in a request means: ours, which is there, or one that nobody has. */
interface Thing {
  uid: string;
  list: string;
  segment: string;
  field: string;
  job: string;
  client: string;
}
interface Asked {
  path?: Partial<Record<'uid' | 'account' | 'list_id' | 'segment_id' | 'name' | 'job_id', string>>;
  query?: string;
  body?: object;
}
/** `refused`: with our thing it is answered as with one that nobody has, and not with success. `alike`: the same, but it succeeds for what it is. `own`: it names nothing that could be another's. */
type Row = { refused: (thing: Thing) => Asked } | { alike: (thing: Thing) => Asked } | { own: (thing: Thing) => Asked };

const byUid = (body?: object): Row => ({ refused: ({ uid }) => ({ path: { uid }, ...(body === undefined ? {} : { body }) }) });
const nothingNamed: Row = { own: () => ({}) };

/** Every endpoint of surfaces A and B, without the twins under /v1/{project}, which are asked by the project too. */
const rows: Record<string, Row> = {
  'POST /oauth2/token': { refused: ({ client }) => ({ body: { grant_type: 'client_credentials', client_id: client, client_secret: 'theirs' } }) },
  'GET /users': { refused: ({ segment }) => ({ query: `segmentId=${segment}` }) },
  'POST /users': { own: ({ uid }) => ({ body: { users: [{ id: uid, profile: { name: 'Theirs', email: 'ours@example.com' } }] } }) },
  'GET /users/custom-profile-fields': nothingNamed,
  'PUT /users/custom-profile-fields': { own: ({ field }) => ({ body: { name: field, type: 'number' } }) },
  'DELETE /users/custom-profile-fields/{name}': { refused: ({ field }) => ({ path: { name: field } }) },
  'GET /users/activity-events': nothingNamed,
  'PUT /users/activity-events': { own: () => ({ body: ['theirs'] }) },
  'PUT /delete-users': { alike: ({ uid }) => ({ body: { data: [uid] } }) },
  'GET /delete-users/{job_id}': { refused: ({ job }) => ({ path: { job_id: job } }) },
  'GET /users/me': nothingNamed,
  'PUT /users/me/preferences': { own: () => ({ body: { timezone: 'Europe/Paris' } }) },
  'POST /users/me/events': { own: () => ({ body: { id: 'theirs', event: 'Theirs' } }) },
  'POST /v1/users': { own: ({ uid }) => ({ body: { id: uid, first_name: 'Theirs', meta: { theirs: true } } }) },
  'GET /v1/users': { own: () => ({ query: 'email=ours@example.com' }) },
  'GET /v1/users/{uid}': byUid(),
  'PUT /v1/users/{uid}': { own: ({ uid }) => ({ path: { uid }, body: { last_name: 'Theirs' } }) },
  'DELETE /v1/users/{uid}': byUid(),
  'GET /v1/erasures/{job_id}': { refused: ({ job }) => ({ path: { job_id: job } }) },
  'POST /v1/users/{uid}/events': byUid({ event: 'Theirs' }),
  'GET /v1/users/{uid}/events': byUid(),
  'POST /v1/users/{uid}/convert': byUid({ type: 'account' }),
  'POST /v1/users/{uid}/accounts': byUid({ accounts: [{ id: 'theirs' }] }),
  'PUT /v1/users/{uid}/accounts/{account}': { refused: ({ uid }) => ({ path: { uid, account: 'theirs' }, body: { role: 'r' } }) },
  'DELETE /v1/users/{uid}/accounts/{account}': { refused: ({ uid }) => ({ path: { uid: 'theirs', account: uid } }) },
  'POST /v1/users/merge': { refused: ({ uid }) => ({ body: { source: uid, destination: 'theirs' } }) },
  'POST /v1/users/events/batch': { alike: ({ uid }) => ({ body: { events: [{ uid, event: 'Theirs' }] } }) },
  'PUT /v1/users/{uid}/lists/{list_id}': { refused: ({ list }) => ({ path: { uid: 'theirs', list_id: list }, body: { subscribed: true } }) },
  'PUT /v1/users/{uid}/segments/{segment_id}': { refused: ({ segment }) => ({ path: { uid: 'theirs', segment_id: segment }, body: { suppressed: true } }) },
};

interface Endpoint {
  method: string;
  path: string;
  scheme: string | undefined;
}

const superAdmin = { 'x-api-key': platform.demo.superAdmin.apiKey };
const admin = { 'x-api-key': platform.demo.apiKey };
const ourAdmin = `/v1/admin/projects/${platform.demo.project.id}`;
let endpoints: Endpoint[];
let theirs: { basic: [string, string]; clientToken: string; endUserToken: string };
/** What is ours. */
let ours: Thing[];
const nobodys: Thing = { uid: unique('nobody'), list: randomUUID(), segment: randomUUID(), field: unique('none').replaceAll('-', '_'), job: randomUUID(), client: randomUUID() };
let before: string;

const created = async (path: string, headers: Record<string, string>, body: object) => {
  const answer = await api.post(path, { headers, body });
  expect([path, answer.status]).toEqual([path, 201]);
  return answer.body as Record<string, string>;
};

/** All that our users are, by all we can ask. */
async function look(): Promise<string> {
  const bearer = await environmentToken('events');
  const workbench = await environmentToken('workbench');
  const asked = await Promise.all([
    ...ours.flatMap(({ uid }) => [api.get(`/v1/users/${uid}`, { basic: keyAndSecret }), api.get(`/v1/users/${uid}/events`, { basic: keyAndSecret })]),
    api.get('/users/custom-profile-fields', { bearer: workbench }),
    api.get('/users/activity-events', { bearer: workbench }),
    api.get(`/delete-users/${ours[0]!.job}`, { bearer }),
  ]);
  expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 200));
  return asked.map(({ text }) => text.replace(/"state":"\w+".*/, '')).join('\n');
}

beforeAll(async () => {
  const { paths } = (await api.get('/openapi.json')).body as { paths: Record<string, Record<string, { tags: string[]; security?: Record<string, unknown>[] }>> };
  endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.some((tag) => /^[AB]\. /.test(tag)))
      .map(([method, { security }]) => ({ method: method.toUpperCase(), path, scheme: Object.keys(security?.[0] ?? {})[0] })),
  );

  const slug = unique('their').toLowerCase();
  const { org_id } = await created('/v1/admin/orgs', superAdmin, { name: 'Theirs', slug });
  const { project_id } = await created('/v1/admin/projects', superAdmin, { org_id, name: 'Theirs', slug });
  const theirAdmin = `/v1/admin/projects/${project_id}`;
  const { key, secret } = await created(`${theirAdmin}/engagement-keys`, superAdmin, {});
  const { client_id, client_secret } = await created(`${theirAdmin}/api-clients`, superAdmin, { name: 'c', roles: ['events', 'workbench'] });
  const { access_token } = (await api.post('/oauth2/token', { body: { grant_type: 'client_credentials', client_id, client_secret } })).body as { access_token: string };
  const { publicKey, privateKey } = testKeyPair('ed25519');
  const { sdk_key_id: iss } = (await api.put(`${theirAdmin}/sdk-keys`, { headers: superAdmin, body: { name: 'k', public_key: publicKey.export({ format: 'jwk' }), algorithm: 'EdDSA', claims: {} } })).body as Record<string, string>;

  const uid = unique('ours');
  await api.post('/v1/users', { basic: keyAndSecret, body: { id: uid, email: 'ours@example.com', meta: { ours: 1 } } });
  await api.post(`/v1/users/${uid}/events`, { basic: keyAndSecret, body: { event: 'Ours' } });
  const { list_id: list } = await created(`${ourAdmin}/lists`, admin, { name: 'Ours' });
  const { segment_id: segment } = await created(`${ourAdmin}/segments`, admin, { name: 'Ours', rule: { 'attributes.ours': 1 } });
  const field = unique('ours').replaceAll('-', '_');
  await api.put('/users/custom-profile-fields', { bearer: await environmentToken('workbench'), body: { name: field, type: 'text' } });
  const erased = unique('erased');
  await api.post('/v1/users', { basic: keyAndSecret, body: { id: erased } });
  const { job_id: job } = (await api.put('/delete-users', { bearer: await environmentToken(), body: { data: [erased] } })).body as { job_id: string };
  const thing = { uid, list: list!, segment: segment!, field, job, client: platform.demo.environment.events.client_id };
  ours = [thing];

  theirs = { basic: [key!, secret!], clientToken: access_token, endUserToken: await new SignJWT({ iss, sub: uid, exp: Math.floor(Date.now() / 1_000) + 600 }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey) };
  for (const id of ['theirs', 'their-account']) await api.post('/v1/users', { basic: theirs.basic, body: { id } });
  before = await look();
});

const headers = { 'x-request-id': 'same' };

function send({ method, path, scheme }: Endpoint, { path: parameters = {}, query, body }: Asked, project = 'none') {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'project' ? project : encodeURIComponent((parameters as Record<string, string>)[name] ?? 'missing')));
  const credential = scheme === 'engagementKey' ? { basic: theirs.basic } : scheme === undefined ? {} : { bearer: scheme === 'endUserToken' ? theirs.endUserToken : theirs.clientToken };
  return api.send(method, query === undefined ? filled : `${filled}?${query}`, { ...credential, headers, body });
}

/** What was answered, but for the id that was asked about. */
const told = ({ status, text }: { status: number; text: string }, { uid, list, segment, field, job, client }: Thing) => [status, [uid, list, segment, field, job, client].reduce((left, id) => left.replaceAll(id, '…'), text)];

const isTwin = ({ path }: Endpoint) => path.includes('{project}');
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;

describe('with the credential of another project', () => {
  it('there is a row here for every endpoint of surfaces A and B, and no other', () => {
    expect(endpoints.filter((one) => !isTwin(one)).map(nameOf).sort()).toEqual(Object.keys(rows).sort());
  });

  it('every endpoint answers about what is ours as about what nobody has', async () => {
    for (const endpoint of endpoints.filter((one) => !isTwin(one))) {
      const row = rows[nameOf(endpoint)]!;
      if ('own' in row) continue;
      const ask = 'refused' in row ? row.refused : row.alike;
      const expected = told(await send(endpoint, ask(nobodys)), nobodys);
      for (const thing of ours) expect([nameOf(endpoint), ...told(await send(endpoint, ask(thing)), thing)]).toEqual([nameOf(endpoint), ...expected]);
      if ('refused' in row) expect([nameOf(endpoint), [401, 404].includes(expected[0] as number)]).toEqual([nameOf(endpoint), true]);
    }
  });

  it('every path that names our project is one that names none', async () => {
    const twins = endpoints.filter(isTwin);
    expect(twins.length).toBeGreaterThan(8);
    for (const endpoint of twins) {
      const row = rows[nameOf({ ...endpoint, path: endpoint.path.replace('/v1/{project}', '') })]!;
      const asked = 'own' in row ? row.own(nobodys) : 'refused' in row ? row.refused(nobodys) : row.alike(nobodys);
      const [named, unknown] = [await send(endpoint, asked, projectSlug), await send(endpoint, asked, 'no-such-project')];
      expect([nameOf(endpoint), named.status, named.text]).toEqual([nameOf(endpoint), 404, unknown.text]);
    }
  });

  it('what an endpoint writes under our names is theirs, what it lists is theirs, and ours is as it was', async () => {
    for (const endpoint of endpoints.filter((one) => !isTwin(one))) {
      const row = rows[nameOf(endpoint)]!;
      if (!('own' in row)) continue;
      const answer = await send(endpoint, row.own(ours[0]!));
      expect([nameOf(endpoint), answer.status]).toEqual([nameOf(endpoint), 200]);
      expect(answer.text).not.toContain('"ours"');
    }
    expect((await api.get(`/v1/users/${ours[0]!.uid}`, { basic: theirs.basic })).body).toMatchObject({ last_name: 'Theirs', meta: { theirs: true } });
    expect(await look()).toBe(before);
  });

  it('no cursor of ours leads on', async () => {
    const listed = (await api.get('/v1/users?limit=1', { basic: keyAndSecret })).body.next_cursor as string;
    const { cursor } = (await api.get('/users?limit=1', { bearer: await environmentToken() })).body as { cursor: string };
    const line = (await api.get(`/v1/users/${ours[0]!.uid}/events?limit=1`, { basic: keyAndSecret })).body;
    expect(line.data).toHaveLength(1);
    const tries = [await api.get(`/v1/users?next_cursor=${listed}`, { basic: theirs.basic }), await api.get(`/users?cursor=${cursor}`, { bearer: theirs.clientToken })];
    expect(tries.map(({ status }) => status)).toEqual([400, 400]);
  });
});
