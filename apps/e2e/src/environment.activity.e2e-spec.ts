import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { testKeyPair } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, keyOnly, platform, projectSlug, unique } from './platform-under-test.js';

const seeds = ['published_card', 'displayed_card', 'completed_card', 'dismissed_card', 'expired_card', 'stream_displayed'];
const chrome = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/102.0.5005.61 Safari/537.36';
const admin = { 'x-api-key': platform.demo.apiKey };
const adminPath = `/v1/admin/projects/${platform.demo.project.id}/activity-events`;

let events: string;
let workbench: string;
beforeAll(async () => {
  [events, workbench] = [await environmentToken('events'), await environmentToken('workbench')];
});
afterAll(async () => {
  await api.put('/users/activity-events', { bearer: workbench, body: seeds });
});

async function profileOf(uid: string): Promise<Record<string, unknown>> {
  const page = await api.get('/users?limit=100', { bearer: events });
  return (page.body.data.users as { id: string; profile: Record<string, unknown> }[]).find(({ id }) => id === uid)!.profile;
}

describe('activity events', () => {
  it('of the demo are those of cards and streams, and make fields of every customer who has them', async () => {
    expect((await api.get('/users/activity-events', { bearer: workbench })).body.data).toEqual(seeds);
    const uid = unique('cards');
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid } });
    const tracked = [['published_card', '2022-05-01T00:00:00.000Z'], ['completed_card', '2022-05-02T00:00:00.000Z'], ['completed_card', '2022-05-04T00:00:00.000Z'], ['unmarked', '2022-06-01T00:00:00.000Z']];
    for (const [event, timestamp] of tracked) await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event, timestamp } });
    const kept = {
      email: '', first_seen_at: '2022-05-01T00:00:00.000Z', last_seen_at: '2022-06-01T00:00:00.000Z',
      first_published_card_at: '2022-05-01T00:00:00.000Z', last_published_card_at: '2022-05-01T00:00:00.000Z', first_completed_card_at: '2022-05-02T00:00:00.000Z', last_completed_card_at: '2022-05-04T00:00:00.000Z',
    };
    expect(await profileOf(uid)).toEqual(kept);
    expect((await api.post('/users', { bearer: events, body: { users: [{ id: uid }] } })).body.data.users[0].profile).toEqual(kept);
    expect((await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: { last_completed_card_at: 'x' } } })).body).toMatchObject({ details: [{ path: 'meta.last_completed_card_at' }] });
  });

  it('are marked on A and on D, and what is no longer marked is no longer shown', async () => {
    const [uid, event] = [unique('marks'), unique('bought')];
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid } });
    await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event, timestamp: '2022-05-01T00:00:00Z' } });
    const marked = await api.put(adminPath, { headers: admin, body: [...seeds, event] });
    expect([marked.status, marked.body.activity_events]).toEqual([200, [...seeds, event]]);
    await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event, timestamp: '2022-05-03T00:00:00Z' } });
    expect(await profileOf(uid)).toMatchObject({ [`last_${event}_at`]: '2022-05-03T00:00:00.000Z' });
    expect((await api.put(`/v1/${projectSlug}/users/activity-events`, { bearer: workbench, body: seeds })).body.data).toEqual(seeds);
    expect((await api.get(adminPath, { headers: admin })).body.activity_events).toEqual(seeds);
    expect(await profileOf(uid)).not.toHaveProperty(`last_${event}_at`);
  });

  it.each<[what: string, body: unknown, place: string]>([
    ['no list', { events: [] }, ''],
    ['a name that is none', ['ok', ''], '[1]'],
    ['a name twice', ['a', 'a'], '[1]'],
    ['a name whose fields are kept already', ['seen'], '[0]'],
    ['51 names', [...Array(51).keys()].map(String), ''],
  ])('are refused with %s', async (_what, body, place) => {
    const [onA, onD] = [await api.put('/users/activity-events', { bearer: workbench, body }), await api.put(adminPath, { headers: admin, body })];
    expect([onA.status, onA.body.error.details[0].path, onD.status, onD.body.errors[0].path]).toEqual([400, place, 400, place]);
    if (place !== '') expect([onA.body.error.message, onD.body.detail]).toEqual([expect.stringMatching(`^\\${place}: `), expect.stringMatching(`^\\${place}: `)]);
  });

  it('take the role workbench, or an administrator', async () => {
    expect((await api.get('/users/activity-events', { bearer: events })).status).toBe(403);
    expect((await api.put('/users/activity-events', { bearer: events, body: [] })).status).toBe(403);
    expect((await api.put(adminPath, { body: [] })).status).toBe(401);
  });
});

describe('end users\' own requests', () => {
  it('tell when they were there, and with what', async () => {
    const { publicKey, privateKey } = testKeyPair('ed25519');
    const { sdk_key_id: iss } = (await api.put(`/v1/admin/projects/${platform.demo.project.id}/sdk-keys`, { headers: admin, body: { name: unique('activity'), public_key: publicKey.export({ format: 'jwk' }), algorithm: 'EdDSA', claims: {} } })).body;
    const uid = unique('visitor');
    const bearer = await new SignJWT({ iss, sub: uid, exp: Math.floor(Date.now() / 1_000) + 600 }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
    const time = expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/);

    const me = (await api.get('/users/me', { bearer, headers: { 'user-agent': chrome, 'x-sdk-version': '0.19.2' } })).body.data.profile;
    expect(me).toEqual({ email: '', first_seen_at: time, last_seen_at: time, last_browser: chrome, last_browser_seen_at: time, last_browser_sdk_version: '0.19.2' });
    await api.post('/users/me/events', { bearer, headers: { 'user-agent': 'Dalvik/2.1.0 (Linux; U; Android 10; SM-A015F Build/QP1A)', 'x-sdk-version': '1.0.3' }, body: { event: 'displayed_card' } });
    await api.put('/users/me/preferences', { bearer, headers: { 'user-agent': 'App/1.0 (iPhone; iOS 15.5; Scale/3.00)' }, body: { timezone: 'Pacific/Auckland' } });
    const profile = await profileOf(uid);
    expect(profile).toEqual({
      ...me, last_seen_at: time, last_android_device: 'Android 10; SM-A015F', last_android_seen_at: time, last_android_sdk_version: '1.0.3',
      last_ios_device: 'iOS 15.5; iPhone', last_ios_seen_at: time, first_displayed_card_at: time, last_displayed_card_at: time,
    });
    expect(profile['last_seen_at']).toBe(profile['last_ios_seen_at']);
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.meta).toEqual({});
  });
});
