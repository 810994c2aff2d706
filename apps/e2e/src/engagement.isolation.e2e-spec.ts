import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunningPlatform } from '#libs/platform/testing';
import { platform as shared } from './platform-under-test.js';

/** A platform of its own, because a second project is written into it. */
let platform: RunningPlatform;
let ours: readonly [key: string, secret: string];
let theirs: readonly [key: string, secret: string];

beforeAll(async () => {
  platform = await RunningPlatform.start(shared.topology);
  const demo = await platform.demo();
  ours = [demo.engagement.key, demo.engagement.secret];
  const [organisationId, projectId] = [randomUUID(), randomUUID()];
  await platform.query('membership', `INSERT INTO organisations (organisation_id, slug, name, created_by, modified_by) VALUES ($1, 'other', 'Other', 'spec', 'spec')`, [organisationId]);
  await platform.query('membership', `INSERT INTO projects (project_id, organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, 'other-app', 'Other', 'spec', 'spec')`, [projectId, organisationId]);
  const { key, secret } = (await platform.api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers: { 'x-api-key': demo.superAdmin.apiKey }, body: {} })).body;
  theirs = [key, secret];
  for (const id of ['ours', 'account']) await platform.api.post('/v1/users', { basic: ours, body: { id, email: 'ours@example.com' } });
  await platform.api.post('/v1/users/ours/accounts', { basic: ours, body: { accounts: [{ id: 'account' }] } });
}, 120_000);

afterAll(async () => {
  await platform?.stop();
}, 30_000);

describe('the key of another project', () => {
  it.each<[method: string, path: (uid: string) => string, body: (uid: string) => object | undefined]>([
    ['GET', (uid) => `/v1/users/${uid}`, () => undefined],
    ['DELETE', (uid) => `/v1/users/${uid}`, () => undefined],
    ['GET', (uid) => `/v1/users/${uid}/events`, () => undefined],
    ['POST', (uid) => `/v1/users/${uid}/events`, () => ({ event: 'e' })],
    ['POST', (uid) => `/v1/users/${uid}/convert`, () => ({ type: 'account' })],
    ['POST', (uid) => `/v1/users/${uid}/accounts`, () => ({ accounts: [{ id: 'account' }] })],
    ['PUT', (uid) => `/v1/users/${uid}/accounts/account`, () => ({ role: 'r' })],
    ['DELETE', (uid) => `/v1/users/${uid}/accounts/account`, () => undefined],
    ['POST', () => '/v1/users/merge', (uid) => ({ source: uid, destination: 'account' })],
  ])('hears of our user what it hears of nobody: %s', async (method, path, body) => {
    const answers = await Promise.all(['ours', 'nobody'].map((uid) => platform.api.send(method, path(uid), { basic: theirs, body: body(uid) })));
    expect([answers[0]!.status, answers[0]!.text]).toEqual([404, answers[1]!.text]);
  });

  it('lists none of ours, and reads on by none of our cursors', async () => {
    expect((await platform.api.get('/v1/users?email=ours@example.com', { basic: theirs })).body).toEqual({ data: [] });
    const { body } = await platform.api.get('/v1/users?limit=1', { basic: ours });
    expect((await platform.api.get(`/v1/users?next_cursor=${body.next_cursor}`, { basic: theirs })).status).toBe(400);
  });

  it('makes users of its own under our ids, and changes none of ours', async () => {
    const before = (await platform.api.get('/v1/users/account', { basic: ours })).body;
    const made = await platform.api.put('/v1/users/account', { basic: theirs, body: { first_name: 'Theirs', email: 'ours@example.com' } });
    expect([made.status, made.body.id === before.id]).toEqual([200, false]);
    const { body } = await platform.api.post('/v1/users/events/batch', { basic: theirs, body: { events: [{ uid: 'ours', event: 'e' }, { uid: 'account', event: 'e' }] } });
    expect(body.results).toEqual([{ error: expect.any(String) }, { status: 'ok' }]);
    expect((await platform.api.get('/v1/users/account', { basic: ours })).body).toEqual(before);
  });
});
