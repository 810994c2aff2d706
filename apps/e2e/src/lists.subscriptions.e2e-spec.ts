import { beforeAll, describe, expect, it } from '@jest/globals';
import { api, keyAndSecret, keyOnly, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const base = `/v1/admin/projects/${demo.project.id}/lists`;
const orgAdmin = { 'x-api-key': demo.apiKey };
const unknownId = '01890000-0000-7000-8000-000000000000';

const create = async (name = 'News') => (await api.post(base, { headers: orgAdmin, body: { name } })).body as { list_id: string; name: string };

describe('lists', () => {
  it('are made, got, listed newest first, renamed and removed', async () => {
    const made = await api.post(base, { headers: orgAdmin, body: { name: ' News ' } });
    expect([made.status, made.body]).toEqual([201, { list_id: expect.any(String), name: 'News', created_at: expect.any(String), modified_at: made.body.created_at }]);
    const path = `${base}/${made.body.list_id}`;
    expect(await api.get(path, { headers: orgAdmin })).toMatchObject({ status: 200, body: made.body });
    const later = await create('Later');
    const first = await api.get(`${base}?page_size=1`, { headers: orgAdmin });
    expect(first.body).toEqual({ lists: [later], next_cursor: expect.any(String), page_size: 1 });
    expect((await api.get(`${base}?page_size=1&cursor=${first.body.next_cursor}`, { headers: orgAdmin })).body.lists).toEqual([made.body]);
    expect((await api.patch(path, { headers: orgAdmin, body: { name: 'Offers' } })).body).toMatchObject({ list_id: made.body.list_id, name: 'Offers' });
    for (const body of [{}, { name: null }]) expect((await api.patch(path, { headers: orgAdmin, body })).body).toMatchObject({ name: 'Offers' });
    const removed = await api.delete(path, { headers: orgAdmin });
    expect([removed.status, removed.text]).toEqual([204, '']);
    for (const method of ['GET', 'PATCH', 'DELETE']) expect((await api.send(method, path, { headers: orgAdmin, body: method === 'PATCH' ? { name: 'n' } : undefined })).body).toMatchObject({ status: 404, code: 'list-not-found' });
  });

  it.each([{ name: '' }, { name: 7 }, {}, { name: 'a\u0000' }])('refuse the name of %j', async (body) => {
    expect((await api.post(base, { headers: orgAdmin, body })).body).toMatchObject({ status: 400, errors: [{ path: 'name' }] });
  });

  it('refuse an unknown field, and a cursor of another list', async () => {
    expect((await api.post(base, { headers: orgAdmin, body: { name: 'n', color: 'red' } })).body).toMatchObject({ status: 400, errors: [{ path: 'color' }] });
    await create();
    await create();
    const { next_cursor } = (await api.get(`/v1/admin/projects/${demo.project.id}/api-clients?page_size=1`, { headers: orgAdmin })).body;
    for (const cursor of ['x', next_cursor ?? 'y']) expect((await api.get(`${base}?cursor=${cursor}`, { headers: orgAdmin })).status).toBe(400);
  });

  it('are read with the permission to read users, and changed with the one to write segments', async () => {
    const keyOf = async (role: string) => (await api.post(`/v1/admin/projects/${demo.project.id}/api-keys`, { headers: orgAdmin, body: { name: 'n', role } })).body.key as string;
    const [viewer, editor] = [{ 'x-api-key': await keyOf('viewer') }, { 'x-api-key': await keyOf('editor') }];
    expect((await api.get(base, { headers: viewer })).status).toBe(200);
    expect((await api.post(base, { headers: viewer, body: { name: 'n' } })).status).toBe(403);
    const made = await api.post(base, { headers: editor, body: { name: 'n' } });
    expect(made.status).toBe(201);
    expect((await api.delete(`${base}/${made.body.list_id}`, { headers: viewer })).status).toBe(403);
    expect((await api.delete(`${base}/${made.body.list_id}`, { headers: editor })).status).toBe(204);
    expect((await api.get(base)).status).toBe(401);
  });
});

describe('subscribing', () => {
  let list: string;
  beforeAll(async () => {
    list = (await create()).list_id;
  });

  it('is part of creating and updating a user', async () => {
    const uid = unique('subscriber');
    const made = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, lists: [list] } });
    expect([made.status, made.body.lists]).toEqual([200, [{ id: list, subscribed: true }]]);
    const other = (await create()).list_id;
    const updated = await api.put(`/v1/users/${uid}`, { basic: keyAndSecret, body: { lists: [other] } });
    expect(updated.body.lists).toEqual([{ id: list, subscribed: true }, { id: other, subscribed: true }]);
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body).toEqual(updated.body);
  });

  it('to a list that is not there is refused, names the place, and writes nothing', async () => {
    const uid = unique('nobody');
    for (const unknown of [unknownId, 'news']) {
      const answer = await api.post('/v1/users', { basic: keyOnly, body: { id: uid, lists: [list, unknown] } });
      expect([answer.status, answer.body.error, answer.body.details[0].path]).toEqual([400, expect.stringContaining('lists[1]'), 'lists[1]']);
    }
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).status).toBe(404);
  });

  it('is ended and begun again with key and secret', async () => {
    const uid = unique('leaver');
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, lists: [list] } });
    const path = `/v1/users/${uid}/lists/${list}`;
    expect((await api.put(path, { basic: keyOnly, body: { subscribed: false } })).status).toBe(401);
    const left = await api.put(path, { basic: keyAndSecret, body: { subscribed: false } });
    expect([left.status, left.body.lists]).toEqual([200, [{ id: list, subscribed: false }]]);
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body).toEqual(left.body);
    expect((await api.put(path, { basic: keyAndSecret, body: { subscribed: true } })).body.lists).toEqual([{ id: list, subscribed: true }]);
    expect((await api.put(path, { basic: keyAndSecret, body: { subscribed: 'no' } })).body.details[0].path).toBe('subscribed');
    for (const unknown of [unknownId, 'news']) expect((await api.put(`/v1/users/${uid}/lists/${unknown}`, { basic: keyAndSecret, body: { subscribed: true } })).status).toBe(404);
    expect((await api.put(`/v1/users/${unique('nobody')}/lists/${list}`, { basic: keyAndSecret, body: { subscribed: true } })).status).toBe(404);
  });

  it('ends for everybody when the list is removed', async () => {
    const uid = unique('listless');
    const { list_id } = await create();
    await api.post('/v1/users', { basic: keyOnly, body: { id: uid, lists: [list_id] } });
    await api.delete(`${base}/${list_id}`, { headers: orgAdmin });
    expect((await api.get(`/v1/users/${uid}`, { basic: keyAndSecret })).body.lists).toEqual([]);
  });
});
