import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID, sign as signature, type KeyObject } from 'node:crypto';
import type { ApiRequest } from '#libs/platform/testing';
import { testKeyPair } from '#libs/platform/testing';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';

const { org, project, apiKey, superAdmin } = platform.demo;
const admin = { headers: { 'x-api-key': apiKey } };

/** One request to a route that takes a key, and another to the same. */
interface Sample {
  path: string;
  request: Omit<ApiRequest, 'body'>;
  body: unknown;
  other: unknown;
  /** What the answer has that no other request's answer would have. Absent: the whole body. */
  of?: (body: any) => unknown; // eslint-disable-line @typescript-eslint/no-explicit-any -- each route answers something else
}

async function customer(more: object = {}): Promise<{ id: string; uid: string }> {
  return (await api.post('/v1/users', { basic: keyAndSecret, body: { id: unique('idem'), first_name: 'Ida', ...more } })).body as { id: string; uid: string };
}

/** For every POST that the reference says takes an `Idempotency-Key`. A route that is missing here fails the first test. */
const samples: Readonly<Record<string, () => Promise<Sample>>> = {
  '/users': async () => {
    const users = [unique('idem'), unique('idem')].map((id) => ({ id, profile: { name: 'Ida' } }));
    return { path: '/users', request: { bearer: await environmentToken() }, body: { users }, other: { users: users.slice(1) } };
  },
  '/v1/{project}/users': async () => {
    const users = [{ id: unique('idem'), profile: { name: 'Ida' } }];
    return { path: `/v1/${projectSlug}/users`, request: { bearer: await environmentToken() }, body: { users }, other: { users: [...users, { id: unique('idem'), profile: {} }] } };
  },
  '/users/me/events': async () => ({ path: '/users/me/events', request: { bearer: await endUserToken() }, body: { event: 'Opened' }, other: { event: 'Closed' } }),
  '/v1/{project}/users/me/events': async () => ({ path: `/v1/${projectSlug}/users/me/events`, request: { bearer: await endUserToken() }, body: { event: 'Opened' }, other: { event: 'Closed' } }),
  '/v1/users': async () => {
    const id = unique('idem');
    return { path: '/v1/users', request: { basic: keyOnly }, body: { id, first_name: 'Ida' }, other: { id, first_name: 'Other' } };
  },
  '/v1/users/{uid}/events': async () => ({ path: `/v1/users/${(await customer()).uid}/events`, request: { basic: keyOnly }, body: { event: 'Paid' }, other: { event: 'Refunded' } }),
  '/v1/users/events/batch': async () => {
    const { uid } = await customer();
    return { path: '/v1/users/events/batch', request: { basic: keyOnly }, body: { events: [{ uid, event: 'Paid' }] }, other: { events: [{ uid, event: 'Refunded' }] } };
  },
  '/v1/users/{uid}/convert': async () => ({ path: `/v1/users/${(await customer()).uid}/convert`, request: { basic: keyAndSecret }, body: { type: 'account' }, other: { type: 'customer' } }),
  '/v1/users/{uid}/accounts': async () => {
    const [one, two] = [await customer(), await customer()];
    return { path: `/v1/users/${(await customer()).uid}/accounts`, request: { basic: keyAndSecret }, body: { accounts: [{ id: one.uid }] }, other: { accounts: [{ id: two.uid }] } };
  },
  '/v1/users/merge': async () => {
    const [source, destination, third] = [await customer(), await customer(), await customer()];
    return { path: '/v1/users/merge', request: { basic: keyAndSecret }, body: { source: source.uid, destination: destination.uid }, other: { source: third.uid, destination: destination.uid } };
  },
  '/{project}/users/{id}/change-password': async () => {
    const { id } = await customer({ email: `${unique('idem')}@example.com` });
    return { path: `/${projectSlug}/users/${id}/change-password`, request: admin, body: { password: 'correct horse battery' }, other: { password: 'another horse battery' } };
  },
  '/{project}/users/register': () => {
    const body = { username: unique('idem'), password: 'correct horse battery', firstName: 'Ida', roles: [] };
    return Promise.resolve({ path: `/${projectSlug}/users/register`, request: admin, body, other: { ...body, username: unique('idem') } });
  },
  '/{project}/users/{id}/status': async () => ({ path: `/${projectSlug}/users/${(await customer()).id}/status`, request: admin, body: { isActive: false }, other: { isActive: true } }),
  '/v1/admin/orgs': () => Promise.resolve({ path: '/v1/admin/orgs', request: { headers: { 'x-api-key': superAdmin.apiKey } }, body: named(), other: named() }),
  '/v1/admin/users/invite': () => {
    const invite = () => ({ user_email: `${unique('idem')}@example.com`, role: 'member', org_id: org.id });
    return Promise.resolve({ path: '/v1/admin/users/invite', request: admin, body: invite(), other: invite(), of: ({ invitation }) => invitation.invitation_id as string });
  },
  '/v1/admin/users/invite/batch': () => {
    const batch = () => ({ invitations: [1, 2].map(() => ({ user_email: `${unique('idem')}@example.com`, role: 'member', org_id: org.id })) });
    const terms = ({ results }: { results: { invitation: { invitation_id: string; expires_at: string } }[] }) => results.map(({ invitation }) => [invitation.invitation_id, invitation.expires_at]);
    return Promise.resolve({ path: '/v1/admin/users/invite/batch', request: admin, body: batch(), other: batch(), of: terms });
  },
  '/v1/admin/invitations/{invitation_id}/resend': async () => {
    const { body } = await api.post('/v1/admin/users/invite', { ...admin, body: { user_email: `${unique('idem')}@example.com`, role: 'member', org_id: org.id } });
    const term = ({ invitation_id, expires_at }: { invitation_id: string; expires_at: string }) => [invitation_id, expires_at];
    return { path: `/v1/admin/invitations/${String(body.invitation.invitation_id)}/resend`, request: admin, body: undefined, other: {}, of: term };
  },
  '/v1/admin/teams': () => Promise.resolve({ path: '/v1/admin/teams', request: admin, body: { org_id: org.id, name: unique('team') }, other: { org_id: org.id, name: unique('team') } }),
  '/v1/admin/projects': () => Promise.resolve({ path: '/v1/admin/projects', request: admin, body: named({ org_id: org.id }), other: named({ org_id: org.id }) }),
  '/v1/admin/projects/{project_id}/imports': () => {
    // One JSON object is a file of one line.
    const headers = { ...admin.headers, 'content-type': 'application/x-ndjson' };
    return Promise.resolve({ path: `/v1/admin/projects/${project.id}/imports?type=users&dry_run=true`, request: { headers }, body: { id: unique('idem') }, other: { id: unique('idem') }, of: ({ import_id }) => import_id as string });
  },
  '/v1/admin/projects/{project_id}/lists': () => Promise.resolve({ path: `/v1/admin/projects/${project.id}/lists`, request: admin, body: { name: unique('list') }, other: { name: unique('list') } }),
  '/v1/admin/projects/{project_id}/segments': () => {
    const rule = { 'attributes.plan': 'idempotent' };
    return Promise.resolve({ path: `/v1/admin/projects/${project.id}/segments`, request: admin, body: { name: unique('segment'), rule }, other: { name: unique('segment'), rule }, of: ({ segment_id }) => segment_id as string });
  },
};

/** The names of places of which an organisation, or the deployment, may have one. */
const named = (more: object = {}) => ({ name: unique('idem'), slug: unique('idem'), ...more });

let sdkKey: { id: string; privateKey: KeyObject } | undefined;

async function endUserToken(): Promise<string> {
  if (sdkKey === undefined) {
    const { publicKey, privateKey } = testKeyPair('ed25519');
    const body = { name: unique('idem'), public_key: publicKey.export({ type: 'spki', format: 'pem' }), algorithm: 'EdDSA', claims: {} };
    const { body: made } = await api.put(`/v1/admin/projects/${project.id}/sdk-keys`, { headers: { authorization: `Bearer ${await adminToken()}` }, body });
    sdkKey = { id: made.sdk_key_id as string, privateKey };
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part({ sub: unique('idem-me'), iss: sdkKey.id, exp: Math.floor(Date.now() / 1_000) + 600 })}`;
  return `${text}.${signature(null, Buffer.from(text), sdkKey.privateKey).toString('base64url')}`;
}

interface Operation {
  parameters?: { $ref?: string }[];
  description?: string;
}

let posts: [path: string, operation: Operation][];
beforeAll(async () => {
  const { paths } = (await api.get('/openapi.json')).body as { paths: Record<string, { post?: Operation }> };
  posts = Object.entries(paths).flatMap(([path, { post }]): [string, Operation][] => (post === undefined ? [] : [[path, post]]));
});

const honours = ({ parameters = [] }: Operation) => parameters.some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey');

/** Sends the sample's request with a key. */
function send({ path, request }: Sample, key: string, body: unknown) {
  return api.post(path, { ...request, body, headers: { ...request.headers, 'idempotency-key': key } });
}

describe('the reference', () => {
  it('says of every POST that it takes an Idempotency-Key, and there is a sample of it here, or why it takes none', () => {
    const taking = posts.filter(([, operation]) => honours(operation)).map(([path]) => path);
    expect(Object.keys(samples).sort()).toEqual(taking.sort());
    const silent = posts.filter(([, operation]) => !honours(operation) && !/^An `Idempotency-Key` is ignored: .+\.$/m.test(operation.description ?? ''));
    expect(silent.map(([path]) => path)).toEqual([]);
  });
});

describe.each(Object.entries(samples))('POST %s', (_, makeSample) => {
  it('is made once under a key, answers a repetition alike, and refuses another request', async () => {
    const sample = await makeSample();
    const { of = (body: unknown) => body } = sample;
    const key = unique('key');
    const first = await send(sample, key, sample.body);
    const again = await send(sample, key, sample.body);
    expect([first.status, again.status]).toEqual([again.status, first.status]);
    expect([200, 201, 202]).toContain(first.status);
    expect(of(again.body)).toEqual(of(first.body));
    const other = await send(sample, key, sample.other);
    expect([other.status, JSON.stringify(other.body)]).toEqual([422, expect.stringContaining('Idempotency-Key was used for another request')]);
    // Under a key of its own it is another request.
    expect((await send(sample, unique('key'), sample.other)).status).toBe(first.status);
  });

  it('takes no key that is empty, too long or not printable', async () => {
    const sample = await makeSample();
    for (const key of ['', 'k'.repeat(256), 'ké']) {
      const answer = await send(sample, key, sample.body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
    }
  });
});

describe('a key', () => {
  const save = (key: string, body: object, basic: readonly [string, string] = keyAndSecret) => api.post('/v1/users', { basic, body, headers: { 'idempotency-key': key } });

  it('is not used up by a request that was refused', async () => {
    const [key, id] = [unique('key'), unique('idem')];
    expect((await save(key, { id, email: 'nobody' })).status).toBe(400);
    expect((await save(key, { id, lists: [randomUUID()] })).status).toBe(400);
    expect((await save(key, { id, first_name: 'Ida' })).status).toBe(200);
  });

  it('does not undo what happened since, nor bring back who was erased', async () => {
    const [key, id] = [unique('key'), unique('idem')];
    const first = await save(key, { id, first_name: 'Ida' });
    await api.put(`/v1/users/${id}`, { basic: keyAndSecret, body: { first_name: 'Adi' } });
    expect((await save(key, { id, first_name: 'Ida' })).body).toEqual({ ...first.body, first_name: 'Adi' });
    await api.delete(`/v1/users/${id}`, { basic: keyAndSecret });
    expect((await save(key, { id, first_name: 'Ida' })).status).toBe(410);
    expect((await api.get(`/v1/users/${id}`, { basic: keyAndSecret })).status).toBe(404);
    // Without the key it is a new wish, and creating is explicit.
    expect((await save(unique('key'), { id, first_name: 'Ida' })).status).toBe(200);
  });

  it('is its caller’s: another key of the same project may use the same', async () => {
    const made = await api.post(`/v1/admin/projects/${project.id}/engagement-keys`, { headers: { authorization: `Bearer ${await adminToken()}` }, body: {} });
    const other = [made.body.key, made.body.secret] as [string, string];
    const key = unique('key');
    expect((await save(key, { id: unique('idem') })).status).toBe(200);
    expect((await save(key, { id: unique('idem') }, other)).status).toBe(200);
  });

  it('is sent by twenty at once: one user, and nobody hears anything but that user or a 409', async () => {
    const [key, id] = [unique('key'), unique('idem')];
    const answers = await Promise.all(Array.from({ length: 20 }, () => save(key, { id, first_name: 'Ida' })));
    const made = answers.filter(({ status }) => status === 200);
    expect(new Set(answers.map(({ status }) => status).filter((status) => status !== 200))).toEqual(new Set(answers.some(({ status }) => status === 409) ? [409] : []));
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(new Set(made.map(({ body }) => body.id as string)).size).toBe(1);
    for (const { headers } of answers.filter(({ status }) => status === 409)) expect(headers.get('retry-after')).toBe('1');
  });

  it('is ignored where an answer holds a secret', async () => {
    const { email, password } = platform.demo.admin;
    const login = () => api.post('/v1/auth/login', { body: { email, password }, headers: { 'idempotency-key': 'ké' } });
    expect([(await login()).status, (await login()).status]).toEqual([200, 200]);
  });
});
