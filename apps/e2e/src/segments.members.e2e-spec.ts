import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, keyOnly, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const base = `/v1/admin/projects/${demo.project.id}/segments`;
const orgAdmin = { 'x-api-key': demo.apiKey };
const unknownId = '01890000-0000-7000-8000-000000000000';

const create = async (rule: object, name = 'Segment') => (await api.post(base, { headers: orgAdmin, body: { name, rule } })).body as { segment_id: string };

const ready = (segmentId: string) => eventually(async () => expect((await api.get(`${base}/${segmentId}`, { headers: orgAdmin })).body.state).toBe('ready'));

let bearer: string;
beforeAll(async () => {
  bearer = await environmentToken('events');
});

describe('segments', () => {
  it('are made, got with their progress and members, listed, changed and removed', async () => {
    const plan = unique('plan');
    await api.post('/v1/users', { basic: keyOnly, body: { id: unique('member'), meta: { plan } } });
    const made = await api.post(base, { headers: orgAdmin, body: { name: 'Pro', rule: { 'attributes.plan': plan } } });
    expect([made.status, made.body]).toEqual([
      201,
      { segment_id: expect.any(String), name: 'Pro', rule: { 'attributes.plan': plan }, state: 'computing', progress: { evaluated: 0, total: 0, evaluated_at: null }, created_at: expect.any(String), modified_at: made.body.created_at },
    ]);
    const path = `${base}/${made.body.segment_id}`;
    const preview = await api.post(`${base}/preview`, { headers: orgAdmin, body: { rule: { 'attributes.plan': plan } } });
    expect([preview.status, preview.body]).toEqual([200, { count: 1 }]);
    await ready(made.body.segment_id);
    const got = (await api.get(path, { headers: orgAdmin })).body;
    expect(got).toMatchObject({ members: 1, state: 'ready', progress: { evaluated: got.progress.total, evaluated_at: expect.any(String) } });
    const { members: _, ...shown } = got;
    expect((await api.get(`${base}?page_size=1`, { headers: orgAdmin })).body).toMatchObject({ segments: [shown], page_size: 1 });
    expect((await api.patch(path, { headers: orgAdmin, body: { name: 'Nobody', rule: { 'attributes.plan': `${plan}x` } } })).body).toMatchObject({ name: 'Nobody', state: 'computing' });
    await ready(made.body.segment_id);
    expect((await api.get(path, { headers: orgAdmin })).body.members).toBe(0);
    expect((await api.patch(path, { headers: orgAdmin, body: { name: null, rule: null } })).body).toMatchObject({ name: 'Nobody', state: 'ready' });
    const removed = await api.delete(path, { headers: orgAdmin });
    expect([removed.status, removed.text]).toEqual([204, '']);
    for (const method of ['GET', 'DELETE']) expect((await api.send(method, path, { headers: orgAdmin })).body).toMatchObject({ status: 404, code: 'segment-not-found' });
  });

  it.each<[body: object, place: string]>([
    [{ name: 'n' }, 'rule'],
    [{ name: 'n', rule: [] }, 'rule'],
    [{ rule: { name: 'x' } }, 'name'],
    [{ name: 'n', rule: { 'attributes.age': { $near: 1 } } }, 'rule.attributes.age.$near'],
    [{ name: 'n', rule: { $or: [{ name: 'a' }, { email: { $regex: 'b' } }] } }, 'rule.$or[1].email.$regex'],
  ])('refuse %j and name the place', async (body, place) => {
    const made = await api.post(base, { headers: orgAdmin, body });
    expect([made.status, made.headers.get('content-type'), made.body.errors[0].path]).toEqual([400, 'application/problem+json; charset=utf-8', place]);
  });

  it('are changed with the permission to write segments', async () => {
    const { key } = (await api.post(`/v1/admin/projects/${demo.project.id}/api-keys`, { headers: orgAdmin, body: { name: 'n', role: 'viewer' } })).body;
    const headers = { 'x-api-key': key as string };
    expect((await api.get(base, { headers })).status).toBe(200);
    expect((await api.post(base, { headers, body: { name: 'n', rule: { name: 'x' } } })).status).toBe(403);
    expect((await api.get(base)).status).toBe(401);
    expect((await api.get(`/v1/admin/projects/${randomUUID()}/segments`, { headers: orgAdmin })).status).toBe(404);
  });
});

describe('members', () => {
  it('come and go within a second of what users do, on both surfaces that show them', async () => {
    const plan = unique('plan');
    const { segment_id } = await create({ 'attributes.plan': plan, events: { $count: { event: 'Paid', within_days: 30 }, $gte: 2 } });
    await ready(segment_id);
    const uid = unique('payer');
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: { plan } } });
    for (const id of ['1', '2']) await api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Paid', id } });
    await eventually(async () => expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.segments).toEqual([{ id: segment_id, suppressed: false }]));
    const page = await api.get(`/users?segmentId=${segment_id}`, { bearer });
    expect(page.body).toMatchObject({ data: { users: [{ id: uid, segments: { [segment_id]: { active: true } } }] }, cursor: null });
    await api.put(`/v1/users/${uid}`, { basic: keyOnly, body: { meta: { plan: null } } });
    await eventually(async () => expect((await api.get(`/users?segmentId=${segment_id}`, { bearer })).body.data.users).toEqual([]));
  });

  it('are paged through, newest first, by cursors of that segment', async () => {
    const plan = unique('plan');
    const uids = [unique('p'), unique('p'), unique('p')];
    for (const id of uids) await api.post('/v1/users', { basic: keyOnly, body: { id, meta: { plan } } });
    const { segment_id } = await create({ 'attributes.plan': plan });
    await ready(segment_id);
    const first = await api.get(`/users?segmentId=${segment_id}&limit=2`, { bearer });
    const second = await api.get(`/users?segmentId=${segment_id}&limit=2&cursor=${first.body.cursor}`, { bearer });
    expect([first, second].flatMap(({ body }) => body.data.users.map(({ id }: { id: string }) => id))).toEqual([...uids].reverse());
    expect(second.body.cursor).toBeNull();
    expect((await api.get(`/users?limit=2&cursor=${first.body.cursor}`, { bearer })).status).toBe(400);
    for (const cursor of ['x', 'x'.repeat(512)]) expect((await api.get(`${base}/${segment_id}/members?cursor=${cursor}`, { headers: orgAdmin })).body).toMatchObject({ status: 400, code: 'invalid-cursor' });
    for (const unknown of [unknownId, 'x']) expect((await api.get(`/users?segmentId=${unknown}`, { bearer })).body).toMatchObject({ error: { code: 'segment-not-found' } });
  });

  it('are suppressed with key and secret', async () => {
    const plan = unique('plan');
    const uid = unique('quiet');
    const { segment_id } = await create({ 'attributes.plan': plan });
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: { plan } } });
    await eventually(async () => expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.segments).toHaveLength(1));
    const path = `/v1/users/${uid}/segments/${segment_id}`;
    expect((await api.put(path, { basic: keyOnly, body: { suppressed: true } })).status).toBe(401);
    const suppressed = await api.put(path, { basic: keyAndSecret, body: { suppressed: true } });
    expect([suppressed.status, suppressed.body.segments]).toEqual([200, [{ id: segment_id, suppressed: true }]]);
    expect((await api.get(`/users?segmentId=${segment_id}`, { bearer })).body.data.users[0].segments).toEqual({ [segment_id]: { active: false } });
    expect((await api.put(path, { basic: keyAndSecret, body: {} })).body.details[0].path).toBe('suppressed');
    for (const other of [unknownId, 'x']) expect((await api.put(`/v1/users/${uid}/segments/${other}`, { basic: keyAndSecret, body: { suppressed: true } })).status).toBe(404);
  });
});
