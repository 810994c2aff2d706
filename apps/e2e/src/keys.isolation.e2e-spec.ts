import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { pause, RunningPlatform, type ApiClient, type Demo } from '#libs/platform/testing';
import { platform as shared } from './platform-under-test.js';

/** A platform of its own, because its roles are changed, and a second gateway is started. */
let platform: RunningPlatform;
let demo: Demo;
/** Every gateway that there is. */
let gateways: ApiClient[];
/** A project of another organisation. */
const foreign = { organisationId: randomUUID(), projectId: randomUUID() };

/** What a gateway may still believe for at most. */
const memoryMs = 1_000;
const collections = ['api-clients', 'engagement-keys', 'api-keys', 'sdk-keys'];

beforeAll(async () => {
  platform = await RunningPlatform.start(shared.topology);
  demo = await platform.demo();
  gateways = [platform.api, ...(shared.topology === 'services' ? [await platform.addGateway()] : [])];
  await platform.query('membership', `INSERT INTO organisations (organisation_id, slug, name, created_by, modified_by) VALUES ($1, 'other', 'Other', 'spec', 'spec')`, [foreign.organisationId]);
  await platform.query('membership', `INSERT INTO projects (project_id, organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, 'other-app', 'Other', 'spec', 'spec')`, [foreign.projectId, foreign.organisationId]);
}, 120_000);

afterAll(async () => {
  await platform?.stop();
}, 30_000);

const superAdmin = () => ({ 'x-api-key': demo.superAdmin.apiKey, 'x-request-id': 'same' });
const orgAdmin = () => ({ 'x-api-key': demo.apiKey, 'x-request-id': 'same' });

describe('the keys of a foreign project', () => {
  it('are managed by the super administrator, and answer others like those of a project that is not there', async () => {
    for (const collection of collections) {
      expect((await platform.api.get(`/v1/admin/projects/${foreign.projectId}/${collection}`, { headers: superAdmin() })).status).toBe(200);
      const answers = await Promise.all([foreign.projectId, randomUUID()].map((id) => platform.api.get(`/v1/admin/projects/${id}/${collection}`, { headers: orgAdmin() })));
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers[0]!.text).toBe(answers[1]!.text);
    }
    const body = { name: 'n', roles: ['events'] };
    const tries = await Promise.all([foreign.projectId, randomUUID()].map((id) => platform.api.post(`/v1/admin/projects/${id}/api-clients`, { headers: orgAdmin(), body })));
    expect([tries[0]!.status, tries[0]!.text]).toEqual([404, tries[1]!.text]);
  });

  it('can not be got or revoked by way of one’s own project', async () => {
    const { client_id } = (await platform.api.post(`/v1/admin/projects/${foreign.projectId}/api-clients`, { headers: superAdmin(), body: { name: 'Theirs', roles: ['events'] } })).body;
    const mine = `/v1/admin/projects/${demo.project.id}/api-clients`;
    for (const method of ['GET', 'DELETE']) {
      const answers = await Promise.all([client_id, randomUUID()].map((id) => platform.api.send(method, `${mine}/${id}`, { headers: orgAdmin() })));
      expect([answers[0]!.status, answers[0]!.text]).toEqual([404, answers[1]!.text]);
    }
    expect((await platform.api.get(`/v1/admin/projects/${foreign.projectId}/api-clients/${client_id}`, { headers: superAdmin() })).status).toBe(200);
  });

  it('can be those of its organisation as little', async () => {
    const answers = await Promise.all([foreign.organisationId, randomUUID()].map((id) => platform.api.get(`/v1/admin/orgs/${id}/api-keys`, { headers: orgAdmin() })));
    expect([answers[0]!.status, answers[0]!.text]).toEqual([404, answers[1]!.text]);
    expect((await platform.api.get(`/v1/admin/orgs/${foreign.organisationId}/api-keys`, { headers: superAdmin() })).status).toBe(200);
  });

  it('open nothing of ours', async () => {
    const { key, secret } = (await platform.api.post(`/v1/admin/projects/${foreign.projectId}/engagement-keys`, { headers: superAdmin(), body: {} })).body;
    await platform.api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: 'ours' } });
    const answers = await Promise.all(['ours', 'nobodys'].map((uid) => platform.api.get(`/v1/users/${uid}`, { basic: [key, secret], headers: { 'x-request-id': 'same' } })));
    expect([answers[0]!.status, answers[0]!.text]).toEqual([404, answers[1]!.text]);
  });
});

describe('a revoked credential is refused by every gateway a second later:', () => {
  const base = () => `/v1/admin/projects/${demo.project.id}`;
  /** All gateways have just said yes, so that all of them remember. */
  async function revokeAndExpect(collection: string, id: string, use: (api: ApiClient) => Promise<number>): Promise<void> {
    expect(await Promise.all(gateways.map(use))).toEqual(gateways.map(() => 200));
    expect((await platform.api.delete(`${base()}/${collection}/${id}`, { headers: orgAdmin() })).status).toBe(204);
    await pause(memoryMs);
    expect(await Promise.all(gateways.map(use))).toEqual(gateways.map(() => 401));
  }

  it('an engagement key', async () => {
    const { engagement_key_id, key, secret } = (await platform.api.post(`${base()}/engagement-keys`, { headers: orgAdmin(), body: {} })).body;
    await platform.api.post('/v1/users', { basic: [key, ''], body: { id: 'u' } });
    await revokeAndExpect('engagement-keys', engagement_key_id, async (api) => (await api.get('/v1/users/u', { basic: [key, secret] })).status);
  });

  it('an API key', async () => {
    const { id } = (await platform.api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: 'v' } })).body;
    const { api_key_id, key } = (await platform.api.post(`${base()}/api-keys`, { headers: orgAdmin(), body: { name: 'k', role: 'viewer' } })).body;
    await revokeAndExpect('api-keys', api_key_id, async (api) => (await api.get(`/demo-app/users/${id}`, { bearer: key })).status);
  });

  it('an API client, by its secret and by the token that it has', async () => {
    const { client_id, client_secret } = (await platform.api.post(`${base()}/api-clients`, { headers: orgAdmin(), body: { name: 'c', roles: ['events'] } })).body;
    const grant = { grant_type: 'client_credentials', client_id, client_secret };
    const { access_token } = (await platform.api.post('/oauth2/token', { body: grant })).body;
    await revokeAndExpect('api-clients', client_id, async (api) => (await api.put('/delete-users', { bearer: access_token, body: { data: ['nobody'] } })).status);
    expect((await platform.api.post('/oauth2/token', { body: grant })).body.error).toBe('invalid_client');
  });
});

describe('an end-user token', () => {
  it('has its claims written once, whichever gateway it comes to, and after a restart', async () => {
    const workbench = (await platform.api.post('/oauth2/token', { body: { grant_type: 'client_credentials', ...demo.environment.workbench } })).body;
    await platform.api.put('/users/custom-profile-fields', { bearer: workbench.access_token, body: ['plan', 'tags'].map((name) => ({ name, label: name, type: 'text' })) });
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const body = { name: 'app', public_key: publicKey.export({ format: 'jwk' }), algorithm: 'EdDSA', claims: { plan: 'plan', tags: 'tags' } };
    const { sdk_key_id: iss } = (await platform.api.put(`/v1/admin/projects/${demo.project.id}/sdk-keys`, { headers: orgAdmin(), body })).body;
    const payload = { iss, sub: 'mover', exp: Math.floor(Date.now() / 1_000) + 600, plan: 'pro', tags: [] };
    const token = await new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
    const planAt = async (api: ApiClient) => {
      const { body: answer, headers } = await api.get('/users/me', { bearer: token });
      return [answer.data.profile.plan, headers.get('x-rollcall-claims-skipped')];
    };
    expect(await planAt(platform.api)).toEqual(['pro', 'tags']);
    await platform.api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: 'mover', meta: { plan: 'enterprise' } } });
    for (const gateway of gateways) expect(await planAt(gateway)).toEqual(['enterprise', 'tags']);
    const part = platform.parts().find((one) => one === 'gateway' || one === 'all')!;
    await platform.kill(part, 'SIGTERM');
    await platform.launch(part);
    await platform.untilReady();
    expect(await planAt(platform.api)).toEqual(['enterprise', 'tags']);
  });
});

// Last, since it takes the administrator's role away.
describe('staff without the rank', () => {
  it('are forbidden what is theirs to know of, and told of nothing else', async () => {
    const login = await platform.api.post('/v1/auth/login', { body: { email: demo.admin.email, password: demo.admin.password } });
    const { access_token: bearer, user } = login.body;
    const path = `/v1/admin/projects/${demo.project.id}/api-keys`;
    const statusOfEach = async () => (await Promise.all(collections.map((one) => platform.api.get(`/v1/admin/projects/${demo.project.id}/${one}`, { bearer })))).map(({ status }) => status);
    expect(await statusOfEach()).toEqual([200, 200, 200, 200]);

    await platform.query('membership', `UPDATE organisation_members SET role = 'member' WHERE user_id = $1`, [user.user_id]);
    await pause(memoryMs);
    expect(await statusOfEach()).toEqual([403, 403, 403, 403]);
    const refused = await platform.api.post(path, { bearer, body: { name: 'n', role: 'viewer' } });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([403, 'application/problem+json; charset=utf-8']);

    for (const [role, status] of [['viewer', 403], ['editor', 403], ['project_admin', 200]] as const) {
      await platform.query('membership', 'DELETE FROM project_members WHERE user_id = $1', [user.user_id]);
      await platform.query('membership', `INSERT INTO project_members (project_id, user_id, role, created_by) VALUES ($1, $2, $3, 'spec')`, [demo.project.id, user.user_id, role]);
      await pause(memoryMs);
      expect(await statusOfEach()).toEqual(collections.map(() => status));
    }

    await platform.query('membership', 'DELETE FROM project_members WHERE user_id = $1', [user.user_id]);
    await platform.query('membership', 'DELETE FROM organisation_members WHERE user_id = $1', [user.user_id]);
    await pause(memoryMs);
    expect(await statusOfEach()).toEqual([404, 404, 404, 404]);
  });
});
