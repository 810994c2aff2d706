import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKey, createClient } from './index.js';
import { failureOf } from './spec-support/failure-of.js';
import { broken, json, TestServer, type Reply } from './spec-support/test-server.js';

const server = new TestServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => server.next());

const admin = (options = {}) => createClient({ url: server.url, auth: apiKey('rc_key'), project: 'demo', retry: { delay: 1 }, ...options });

describe('a file', () => {
  const imports = 'POST /v1/admin/projects/{project_id}/imports';
  const to = { path: { project_id: 'p' }, query: { type: 'users' as const } };
  const accepted = json(202, { import_id: 'i' });

  it('is sent row by row under a key, and its answer is the import', async () => {
    server.replies = [accepted];
    async function* rows() {
      for (let n = 0; n < 3_000; n += 1) yield await Promise.resolve({ id: `user-${n}`, note: 'é'.repeat(20) });
    }
    expect((await admin().upload(imports, { ...to, file: rows() })).import_id).toBe('i');
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ call: 'POST /v1/admin/projects/p/imports?type=users', headers: { 'content-type': 'application/x-ndjson', 'x-api-key': 'rc_key', 'idempotency-key': expect.any(String) } });
    const lines = server.seen[0]!.body.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string });
    expect([lines.length, lines[0]!.id, lines.at(-1)]).toEqual([3_000, 'user-0', { id: 'user-2999', note: 'é'.repeat(20) }]);
  });

  it.each([
    ['a text', 'id\nada\n'],
    ['bytes', new TextEncoder().encode('id\nada\n')],
    ['a Blob', new Blob(['id\n', 'ada\n'])],
    ['a function that opens a stream', () => new Blob(['id\nada\n']).stream() as ReadableStream<Uint8Array>],
  ])('that can be read again is sent again when that breaks off, under the same key: %s', async (_what, file) => {
    server.replies = [broken, json(503, {}), accepted];
    await admin().upload(imports, { ...to, type: 'text/csv', file });
    expect(server.seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual(Array(3).fill(['id\nada\n', 'text/csv']));
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it('that can be read once is sent once, and its source is told when nobody wants it', async () => {
    server.replies = [broken, accepted];
    expect((await failureOf(admin().upload(imports, { ...to, file: new Blob(['{}\n']).stream() as ReadableStream<Uint8Array> }))).code).toBe('network-error');
    expect(server.seen).toHaveLength(1);
    const failing = (async function* () {
      yield await Promise.resolve('{"id":"ada"}\n');
      throw new Error('the disk is gone');
    })();
    expect((await failureOf(admin().upload(imports, { ...to, file: failing }))).code).toBe('network-error');
  });
});

describe('an export', () => {
  const exports = 'GET /v1/admin/projects/{project_id}/exports';
  const of = { path: { project_id: 'p' }, query: { type: 'users' as const } };
  const lines = (...some: string[]): Reply => (response) => void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(some.map((line) => `${line}\n`).join(''));

  it('is its records, without the line that counts them', async () => {
    server.replies = [lines('{"id":"ada"}', '{"id":"bob"}', '{"kind":"end","records":2}')];
    const found: unknown[] = [];
    for await (const { id } of admin().records(exports, of)) found.push(id);
    expect(found).toEqual(['ada', 'bob']);
  });

  it.each([[['{"id":"ada"}']], [['{"id":"ada"}', '{"kind":"end","records":2}']], [[]]])('that was cut off is none: %j', async (some) => {
    server.replies = [lines(...some)];
    const read = async () => {
      for await (const record of admin().records(exports, of)) expect(record).toEqual({ id: 'ada' });
    };
    expect((await failureOf(read())).code).toBe('answer-cut-off');
  });
});
