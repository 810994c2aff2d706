import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pause, type ApiClient } from '#libs/platform/testing';
import { movingUser, planThatStays, type MovingUser } from './moving-user.js';
import { allGateways, platform as shared, running as platform, unique } from './platform-under-test.js';
import { newOrgAdmin } from './staff.js';

const { demo } = shared;
/** Every gateway that there is. */
let gateways: ApiClient[];
let mover: MovingUser | undefined;
/** A project of another organisation. */
const foreign = { organisationId: randomUUID(), projectId: randomUUID() };

/** What a gateway may still believe for at most. */
const memoryMs = 1_000;
const collections = ['api-clients', 'engagement-keys', 'api-keys', 'sdk-keys'];

beforeAll(async () => {
  gateways = await allGateways();
  await platform.query('membership', `INSERT INTO organisations (organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, 'Other', 'spec', 'spec')`, [foreign.organisationId, unique('other')]);
  await platform.query('membership', `INSERT INTO projects (project_id, organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, $3, 'Other', 'spec', 'spec')`, [foreign.projectId, foreign.organisationId, unique('other-app')]);
});

afterAll(async () => {
  await mover?.remove();
  await platform.restore();
});

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
    const ours = unique('ours');
    const { key, secret } = (await platform.api.post(`/v1/admin/projects/${foreign.projectId}/engagement-keys`, { headers: superAdmin(), body: {} })).body;
    await platform.api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: ours } });
    const answers = await Promise.all([ours, 'nobodys'].map((uid) => platform.api.get(`/v1/users/${uid}`, { basic: [key, secret], headers: { 'x-request-id': 'same' } })));
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
    const uid = unique('u');
    await platform.api.post('/v1/users', { basic: [key, ''], body: { id: uid } });
    await revokeAndExpect('engagement-keys', engagement_key_id, async (api) => (await api.get(`/v1/users/${uid}`, { basic: [key, secret] })).status);
  });

  it('an API key', async () => {
    const { id } = (await platform.api.post('/v1/users', { basic: [demo.engagement.key, ''], body: { id: unique('v') } })).body;
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

describe('the limit of a project', () => {
  it('is one for all gateways: together they answer exactly so often', async () => {
    const slug = unique('limited');
    const made = await platform.api.post('/v1/admin/projects', { headers: { 'x-api-key': demo.superAdmin.apiKey }, body: { org_id: demo.org.id, name: slug, slug, settings: { rate_limit: 30 } } });
    const { key, secret } = (await platform.api.post(`/v1/admin/projects/${made.body.project_id as string}/engagement-keys`, { headers: { 'x-api-key': demo.superAdmin.apiKey }, body: {} })).body as { key: string; secret: string };
    const answers = await Promise.all(Array.from({ length: 60 }, (_, number) => gateways[number % gateways.length]!.get('/v1/users?limit=1', { basic: [key, secret] })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
    const left = answers.filter(({ status }) => status === 200).map(({ headers }) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
    expect(left.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, number) => number));
  });
});

describe('an end-user token', () => {
  it('has its claims written once, whichever gateway it comes to, and after one was started anew', async () => {
    mover = await movingUser();
    for (const gateway of gateways) expect(await mover.planAt(gateway)).toEqual(planThatStays);
    if (shared.topology === 'all-in-one') return; // in one process, that is the restart in crash.faults
    await platform.kill('gateway#2', 'SIGTERM');
    gateways[1] = await platform.addGateway();
    expect(await mover.planAt(gateways[1])).toEqual(planThatStays);
  });
});

describe('staff without the rank', () => {
  it('are forbidden what is theirs to know of, and told of nothing else', async () => {
    const { bearer, userId } = await newOrgAdmin(demo.org.id);
    const path = `/v1/admin/projects/${demo.project.id}/api-keys`;
    const statusOfEach = async () => (await Promise.all(collections.map((one) => platform.api.get(`/v1/admin/projects/${demo.project.id}/${one}`, { bearer })))).map(({ status }) => status);
    expect(await statusOfEach()).toEqual([200, 200, 200, 200]);

    await platform.query('membership', `UPDATE organisation_members SET role = 'member' WHERE user_id = $1`, [userId]);
    await pause(memoryMs);
    expect(await statusOfEach()).toEqual([403, 403, 403, 403]);
    const refused = await platform.api.post(path, { bearer, body: { name: 'n', role: 'viewer' } });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([403, 'application/problem+json; charset=utf-8']);

    for (const [role, status] of [['viewer', 403], ['editor', 403], ['project_admin', 200]] as const) {
      await platform.query('membership', 'DELETE FROM project_members WHERE user_id = $1', [userId]);
      await platform.query('membership', `INSERT INTO project_members (project_id, user_id, role, created_by) VALUES ($1, $2, $3, 'spec')`, [demo.project.id, userId, role]);
      await pause(memoryMs);
      expect(await statusOfEach()).toEqual(collections.map(() => status));
    }

    await platform.query('membership', 'DELETE FROM project_members WHERE user_id = $1', [userId]);
    await platform.query('membership', 'DELETE FROM organisation_members WHERE user_id = $1', [userId]);
    await pause(memoryMs);
    expect(await statusOfEach()).toEqual([404, 404, 404, 404]);
  });
});
