import { SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiAnswer, ApiRequest } from '#libs/platform/testing';
import { testKeyPair } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';

interface Operation {
  operationId: string;
  security: Record<string, unknown>[];
  requestBody?: { content: Record<string, { example: unknown }> };
}

const superAdmin = { headers: { 'x-api-key': platform.demo.superAdmin.apiKey } };
/** What a caller of each scheme sends. */
let credentials: Record<string, ApiRequest>;
/** What stands in paths: things of a tenant that is nobody else's. */
let ids: Record<string, string>;
let examples: { call: string; path: string; method: string; scheme: string; type: string; body: unknown }[];
/** What a call does not go without besides its body. */
const queries: Readonly<Record<string, string>> = { 'POST /v1/admin/projects/{project_id}/imports': '?type=users' };

async function make(path: string, body: unknown): Promise<Record<string, string>> {
  const answer = await api.post(path, { ...superAdmin, body });
  expect([path, answer.status]).toEqual([path, 201]);
  return answer.body as Record<string, string>;
}

beforeAll(async () => {
  const slug = unique('examples').toLowerCase();
  const { org_id = '' } = await make('/v1/admin/orgs', { name: 'Examples', slug });
  const { team_id = '' } = await make('/v1/admin/teams', { org_id, name: 'Examples' });
  const { project_id = '' } = await make('/v1/admin/projects', { org_id, name: 'Examples', slug });
  const admin = `/v1/admin/projects/${project_id}`;
  const { key = '', secret = '' } = await make(`${admin}/engagement-keys`, {});
  const { client_id, client_secret } = await make(`${admin}/api-clients`, { name: 'c', roles: ['events', 'workbench'] });
  const { list_id = '' } = await make(`${admin}/lists`, { name: 'Mine' });
  const { segment_id = '' } = await make(`${admin}/segments`, { name: 'Mine', rule: { 'attributes.plan': 'pro' } });
  const { access_token: bearer } = (await api.post('/oauth2/token', { body: { grant_type: 'client_credentials', client_id, client_secret } })).body as { access_token: string };
  const { publicKey, privateKey } = testKeyPair('ed25519');
  const { sdk_key_id: iss } = (await api.put(`${admin}/sdk-keys`, { ...superAdmin, body: { name: 'k', public_key: publicKey.export({ format: 'jwk' }), algorithm: 'EdDSA', claims: {} } })).body as Record<string, string>;
  const endUser = await new SignJWT({ iss, sub: 'herself', exp: Math.floor(Date.now() / 1_000) + 600 }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
  credentials = { engagementKey: { basic: [key, secret] }, clientCredentials: { bearer }, endUserToken: { bearer: endUser }, projectToken: superAdmin, staffToken: superAdmin };
  const { id = '' } = (await api.post('/v1/users', { basic: [key, secret], body: { id: 'ada', email: 'ada@example.com' } })).body as Record<string, string>;
  for (const uid of ['acme', 'ada.lovelace']) await api.post('/v1/users', { basic: [key, secret], body: { id: uid } });
  ids = { org_id, team_id, project_id, project: slug, uid: 'ada', id, list_id, segment_id, account: 'acme', role: 'helper' };

  const { paths } = (await api.get('/openapi.json')).body as { paths: Record<string, Record<string, Operation>> };
  examples = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { security, requestBody }]) => {
      const scheme = Object.keys(security[0] ?? {})[0];
      // What is about whoever calls needs a person, single sign-on an identity provider; and the whole deployment is not ours to change.
      const isOurs = scheme !== undefined && scheme in credentials && !/^\/v1\/auth\/|\/sso$/.test(path) && [...path.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => name in ids) && (!path.startsWith('/v1/admin/') || /\{(project|org|team)_id\}/.test(path));
      return requestBody === undefined || !isOurs ? [] : Object.entries(requestBody.content).map(([type, { example }]) => ({ call: `${method.toUpperCase()} ${path}`, path, method: method.toUpperCase(), scheme, type, body: example }));
    }),
  );
});

/** Sends an example, or another body in its place. */
function send({ call, path, method, scheme, type, body }: (typeof examples)[number]): Promise<ApiAnswer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] as string);
  const given = credentials[scheme]!;
  const request = type === 'application/json' ? { ...given, body } : { ...given, headers: { ...given.headers, 'content-type': type }, raw: String(body) };
  return api.send(method, `${filled}${queries[call] ?? ''}`, request);
}

/** What no honest client sends: text that can't be stored, a time that Postgres does not have, a number past all bounds, and something else than a value. */
const hostile: readonly unknown[] = ['a\u0000b', '\ud800', '294277-01-01T00:00:00Z', 1e300, [[[]]]];

/** Copies of a body, each with one value replaced; of an array its first one. */
function spoilt(value: unknown, by: unknown): unknown[] {
  if (Array.isArray(value)) return [by, ...(value.length === 0 ? [] : spoilt(value[0], by).map((first) => [first, ...value.slice(1)]))];
  if (typeof value !== 'object' || value === null) return [by];
  return [by, ...Object.entries(value).flatMap(([key, child]) => spoilt(child, by).map((other) => ({ ...value, [key]: other })))];
}

describe('the examples of the API reference', () => {
  it('are taken by the running platform, as they are', async () => {
    expect(examples.length).toBeGreaterThan(35);
    const refused: unknown[] = [];
    for (const example of examples) {
      const answer = await send(example);
      // What the example names may not be there, or be there already: then it was understood.
      if (answer.status >= 300 && ![404, 409, 410].includes(answer.status)) refused.push([example.call, answer.status, example.body, answer.body]);
    }
    expect(refused).toEqual([]);
  });

  it('are never answered by a fault of ours, whichever of their values is one that nobody would send', async () => {
    const faults: unknown[] = [];
    for (const example of examples.filter(({ type }) => type === 'application/json')) {
      const bodies = hostile.flatMap((by) => spoilt(example.body, by));
      for (let place = 0; place < bodies.length; place += 8) {
        // Sending fails where the answer is none that the reference has, and a 500 is none.
        await Promise.all(bodies.slice(place, place + 8).map((body) => send({ ...example, body }).catch((error: Error) => faults.push([JSON.stringify(body).slice(0, 300), error.message]))));
      }
    }
    expect(faults).toEqual([]);
  });
});
