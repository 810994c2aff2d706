import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';

const headers = { 'x-api-key': platform.demo.apiKey };
const ndjson = { ...headers, 'content-type': 'application/x-ndjson' };
const csv = { ...headers, 'content-type': 'text/csv; charset=utf-8' };

interface Import {
  import_id: string;
  state: string;
  rows: number;
  created: number;
  updated: number;
  skipped: number;
  failed: number;
}

let projectId: string;
let basic: [key: string, secret: string];
const imports = (path = '') => `/v1/admin/projects/${projectId}/imports${path}`;

beforeAll(async () => {
  const slug = unique('imports');
  projectId = (await api.post('/v1/admin/projects', { headers, body: { org_id: platform.demo.org.id, name: slug, slug } })).body.project_id as string;
  const { key, secret } = (await api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
  basic = [key, secret];
});

async function imported(query: string, raw: string, as = ndjson): Promise<Import> {
  const made = await api.post(imports(`?${query}`), { headers: as, raw });
  expect(made).toMatchObject({ status: 202, body: { import_id: expect.any(String), bytes: Buffer.byteLength(raw) } });
  return eventually(async () => {
    const { body } = await api.get(imports(`/${made.body.import_id}`), { headers });
    if (body.finished_at === null) throw new Error(`it is ${body.state}`);
    return body as Import;
  }, 90_000);
}
const counts = ({ rows, created, updated, skipped, failed }: Import) => ({ rows, created, updated, skipped, failed });
const errorsOf = async ({ import_id }: Import) => (await api.get(imports(`/${import_id}/errors`), { headers })).text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('imports of a project', () => {
  it('bring in users, the same as they said when it was only tried, and nobody back who was erased', async () => {
    for (const id of ['present', 'erased']) expect((await api.post('/v1/users', { basic, body: { id, first_name: 'Before' } })).status).toBe(200);
    expect((await api.delete('/v1/users/erased', { basic })).status).toBe(200);
    const rows = [{ id: 'ada', email: 'ada@example.com', first_name: 'Ada', attributes: { plan: 'pro', seats: 3 } }, { id: 'present', first_name: 'After' }, { id: 'erased', first_name: 'Back' }, { id: 'ada' }, { id: 'bob', emial: 'x' }];
    const file = `${rows.map((row) => JSON.stringify(row)).join('\n')}\nnot json\n`;
    const tried = await imported('type=users&dry_run=true', file);
    expect((await api.get('/v1/users/ada', { basic })).status).toBe(404);
    const real = await imported('type=users', file);
    expect(real).toMatchObject({ state: 'done', rows: 6, created: 1, updated: 1, skipped: 0, failed: 4 });
    expect(counts(tried)).toEqual(counts(real));
    expect(await errorsOf(real)).toMatchObject([{ line: 3, field: 'id', code: 'user-erased' }, { line: 4, field: 'id', code: 'repeated-row' }, { line: 5, field: 'emial', reason: 'is not a known field' }, { line: 6, field: null, code: 'malformed-row' }, { kind: 'end', records: 4 }]);
    expect(await errorsOf(tried)).toEqual(await errorsOf(real));
    expect((await api.get('/v1/users/ada', { basic })).body).toMatchObject({ email: 'ada@example.com', meta: { plan: 'pro', seats: 3 } });
    expect((await api.get('/v1/users/present', { basic })).body).toMatchObject({ first_name: 'After' });
    expect((await api.get('/v1/users/erased', { basic })).status).toBe(404);
    expect((await api.get(imports('?page_size=1'), { headers })).body).toMatchObject({ imports: [{ import_id: real.import_id, dry_run: false }], next_cursor: real.import_id });
    expect(await api.post(imports(`/${real.import_id}/cancel`), { headers })).toMatchObject({ status: 409, body: { code: 'import-finished' } });
    const { body } = await api.get(`/v1/admin/projects/${projectId}/audit?action=import.*`, { headers });
    expect((body.entries as { action: string }[]).map(({ action }) => action)).toEqual(['import.started', 'import.tried']);
  });

  it('take CSV, and events of the users that came before', async () => {
    expect(await imported('type=users', 'id,first_name,attributes.age:number\ngrace,"Hopper, Grace",85\nlin,Lin,\n', csv)).toMatchObject({ created: 2, failed: 0 });
    expect((await api.get('/v1/users/grace', { basic })).body).toMatchObject({ first_name: 'Hopper, Grace', meta: { age: 85 } });
    const events = 'uid,event,id,timestamp,properties.from\ngrace,Sailed,s-1,2024-05-06T07:08:09Z,New York\ngrace,Sailed,,2024-05-07,Boston\nnobody,Sailed,,,\n';
    expect(await imported('type=events&dry_run=true', events, csv)).toMatchObject({ created: 2, failed: 1 });
    expect(await imported('type=events', events, csv)).toMatchObject({ created: 2, skipped: 0, failed: 1 });
    expect(await imported('type=events', events, csv)).toMatchObject({ created: 1, skipped: 1, failed: 1 });
    expect((await api.get('/v1/users/grace/events', { basic })).body.data).toHaveLength(3);
  });

  it('have no more of them in a larger file than its rows', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => `${JSON.stringify({ id: `many-${n}`, notes: 'x'.repeat(300) })}\n`).join('');
    expect(await imported('type=users', rows)).toMatchObject({ created: 3_000, failed: 0 });
    expect(await imported('type=users', rows)).toMatchObject({ created: 0, updated: 3_000 });
  });

  it('take what an export gives, which says at its end that it is whole', async () => {
    const exported = async (query: string) => {
      const { status, text } = await api.get(`/v1/admin/projects/${projectId}/exports?${query}`, { headers });
      expect(status).toBe(200);
      return text;
    };
    const lines = (text: string) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const file = await exported('type=users');
    const all = lines(file);
    expect(all.at(-1)).toEqual({ kind: 'end', records: all.length - 1 });
    const ids = all.slice(0, -1).map(({ id }) => id);
    expect([ids.length, new Set(ids).size, ids.includes('erased')]).toEqual([3_004, 3_004, false]);
    expect(all[1]).toMatchObject({ id: 'ada', email: 'ada@example.com', attributes: { plan: 'pro', seats: 3 } });
    const again = await imported('type=users', file);
    expect(again).toMatchObject({ rows: 3_004, created: 0, updated: 3_004, failed: 0 });
    const without = (text: string) => lines(text).map(({ modified_at: _, ...line }) => line);
    expect(without(await exported('type=users'))).toEqual(without(file));

    const events = await exported('type=events');
    expect(lines(events)).toMatchObject([{ uid: 'grace', id: 's-1' }, { uid: 'grace' }, { uid: 'grace' }, { kind: 'end', records: 3 }]);
    expect(await imported('type=events', events)).toMatchObject({ rows: 3, created: 0, skipped: 3 });
    expect(lines(await exported('type=events&from=2024-05-06T07:08:10Z&event=Sailed')).at(-1)).toEqual({ kind: 'end', records: 2 });
    expect(lines(await exported('type=events&to=2024-05-07')).at(-1)).toEqual({ kind: 'end', records: 1 });
    const { list_id } = (await api.post(`/v1/admin/projects/${projectId}/lists`, { headers, body: { name: 'Sailors' } })).body as { list_id: string };
    await api.put('/v1/users/grace', { basic, body: { lists: [list_id] } });
    expect(lines(await exported(`type=users&list_id=${list_id}`))).toMatchObject([{ id: 'grace', lists: [list_id] }, { kind: 'end', records: 1 }]);
    for (const [query, status] of [['', 400], ['type=users&event=Paid', 400], ['type=events&from=yesterday', 400], ['type=users&segment_id=17', 400], ['type=users&segment_id=01a21b70-1f44-7b1c-9e0d-aabbccddeeff', 404]] as const) {
      expect([query, (await api.get(`/v1/admin/projects/${projectId}/exports?${query}`, { headers })).status]).toEqual([query, status]);
    }
  });

  it.each([
    ['application/json', '{"id":"a"}', 'type=users', 415, 'unsupported-media-type'],
    ['application/xml', '<id/>', 'type=users', 415, 'unsupported-media-type'],
    ['application/x-ndjson', '{"id":"a"}', '', 400, 'type'],
    ['application/x-ndjson', '{"id":"a"}', 'type=segments', 400, 'type'],
    ['application/x-ndjson', '{"id":"a"}', 'type=users&dry_run=yes', 400, 'dry_run'],
    ['application/x-ndjson', '', 'type=users', 400, 'import-file-refused'],
    ['text/csv', 'mail,name\n', 'type=users', 400, 'mail'],
  ])('refuse %s %j with %j, and say why', async (type, raw, query, status, word) => {
    const answer = await api.post(imports(`?${query}`), { headers: { ...headers, 'content-type': type }, raw });
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(word)]);
  });

  it('take nothing compressed, from nobody without a key, and nothing of it in another place', async () => {
    expect((await api.post(imports('?type=users'), { headers: { ...ndjson, 'content-encoding': 'gzip' }, raw: '{"id":"a"}' })).status).toBe(415);
    expect((await api.post(imports('?type=users'), { headers: { 'content-type': 'application/x-ndjson' }, raw: '{"id":"a"}\n'.repeat(10_000) })).status).toBe(401);
    expect((await api.post('/v1/users', { basic, headers: { 'content-type': 'text/csv' }, raw: 'id\na\n' })).status).toBe(415);
    const { import_id } = (await api.get(imports(), { headers })).body.imports[0] as Import;
    for (const path of [`/v1/admin/projects/${platform.demo.project.id}/imports/${import_id}`, imports('/17'), imports('/17/errors')]) expect((await api.get(path, { headers })).status).toBe(404);
  });
});
