import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/platform/database';
import { testDatabase } from '#libs/platform/testing';

let database: Database;
let next = 0;
beforeAll(async () => {
  ({ database } = await testDatabase('written', { entities: [], migrations: [] }));
  await database.execute('CREATE TABLE notes (id bigint PRIMARY KEY, text text)');
});

const put = { name: 'notes.put', text: 'INSERT INTO notes (id, text) VALUES ($1, $2)' };
const get = { name: 'notes.get', text: 'SELECT id, text FROM notes WHERE id = $1' };
const read = (id: number) => database.query<{ id: number; text: string }>(get, [id]);
const codeOf = (work: Promise<unknown>) => work.then(() => 'ok', ({ code, message }: Error & { code?: string }) => code ?? message);

describe('a transaction', () => {
  it('does what is sent before the next statement, in order, and commits it', async () => {
    const id = (next += 10);
    const seen = await database.withTransaction(async (tx) => {
      tx.send(put, [id, 'first']);
      tx.send('UPDATE notes SET text = text || $2 WHERE id = $1', [id, ', then']);
      const rows = await tx.query(get, [id]);
      tx.send(put, [id + 1, 'last']);
      return rows;
    });
    expect(seen).toEqual([{ id, text: 'first, then' }]);
    expect([...(await read(id)), ...(await read(id + 1))]).toEqual([{ id, text: 'first, then' }, { id: id + 1, text: 'last' }]);
  });

  it('answers with what its last statement answered, and counts what that touched', async () => {
    const id = (next += 10);
    await database.withTransaction(async (tx) => {
      tx.send('INSERT INTO notes SELECT n FROM generate_series($1::bigint, $1::bigint + 3) n RETURNING text', [id]);
      expect(await tx.execute('UPDATE notes SET text = $2 WHERE id BETWEEN $1 AND $1 + 1', [id, 'two'])).toBe(2);
    });
  });

  it('reads several statements at once, each with its own rows, the first time and later', async () => {
    const id = (next += 10);
    const putBack = { name: 'notes.put_back', text: 'INSERT INTO notes (id, text) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id' };
    const count = { name: 'notes.count', text: 'SELECT count(*) AS count, max(text) AS latest FROM notes WHERE id >= $1 AND id < $1 + 10' };
    for (const inserted of [[{ id }], [], []]) {
      const seen = await database.withTransaction((tx) => {
        tx.send('UPDATE notes SET text = text || $2 WHERE id = $1 RETURNING text', [id, '!']);
        return tx.queryTogether<[{ id: number }[], { count: number; latest: string }[], { id: number; text: string }[]]>([putBack, [id, 'a']], [count, [id]], [get, [id + 1]]);
      });
      expect(seen).toEqual([inserted, [{ count: 1, latest: expect.stringMatching(/^a!*$/) }], []]);
    }
    expect(await read(id)).toEqual([{ id, text: 'a!!' }]);
    const failed = database.withTransaction((tx) => tx.queryTogether([putBack, [id + 1, 'b']], [put, [id, 'twice']], [count, [id]]));
    expect(await codeOf(failed)).toBe('23505');
    expect(await read(id + 1)).toEqual([]);
  });

  it('is taken back whole when what is sent with its commit fails, and tells why', async () => {
    const id = (next += 10);
    const failed = database.withTransaction(async (tx) => {
      await tx.execute(put, [id, 'kept?']);
      tx.send(put, [id + 1, 'kept?']);
      tx.send(put, [id, 'twice']);
      tx.send(put, [id + 2, 'never']);
    });
    expect(await codeOf(failed)).toBe('23505');
    expect([...(await read(id)), ...(await read(id + 1)), ...(await read(id + 2))]).toEqual([]);
  });

  it.each(['a\u0000b', '{"a":"\\u0000"}', '{"a":"\\ud800"}'])('says of text that can not be stored that the request is at fault: %j', async (text) => {
    const id = (next += 10);
    const failed = database.withTransaction((tx) => tx.query({ name: 'notes.put_json', text: `INSERT INTO notes (id, text) VALUES ($1, CASE WHEN $2::text LIKE '{%' THEN $2::jsonb ->> 'a' ELSE $2 END)` }, [id, text]));
    await expect(failed).rejects.toMatchObject({ value: { code: 'invalid-request', message: expect.stringContaining('U+0000') } });
    expect(await read(id)).toEqual([]);
  });

  it('writes nothing when its first statement fails, or somebody throws before it', async () => {
    const id = (next += 10);
    const nonsense = { name: 'notes.nonsense', text: 'SELECT nonsense' };
    for (const _ of [1, 2]) {
      const failed = database.withTransaction(async (tx) => {
        tx.send(put, [id, 'kept?']);
        await tx.query(nonsense);
      });
      expect(await codeOf(failed)).toBe('42703');
    }
    const thrown = database.withTransaction((tx) => {
      tx.send(put, [id, 'kept?']);
      return Promise.reject(new Error('no'));
    });
    expect(await codeOf(thrown)).toBe('no');
    expect(await read(id)).toEqual([]);
    // The connections are as good as before, and know which statements they have prepared.
    expect(await codeOf(Promise.all([...Array(20).keys()].map((n) => database.withTransaction((tx) => tx.execute(put, [id + n, 'good'])))))).toBe('ok');
  });

  it('prepares a statement once, however often it is sent', async () => {
    const id = (next += 100);
    const many = { name: 'notes.many', text: 'INSERT INTO notes (id) VALUES ($1)' };
    await database.withTransaction((tx) => {
      for (let n = 0; n < 5; n += 1) tx.send(many, [id + n]);
      return Promise.resolve();
    });
    const prepared = await database.withTransaction(async (tx) => {
      tx.send(many, [id + 9]);
      return tx.query<{ count: number }>('SELECT count(*) AS count FROM pg_prepared_statements WHERE name = $1', [many.name]);
    });
    expect(prepared).toEqual([{ count: 1 }]);
    expect((await database.query<{ count: number }>('SELECT count(*) AS count FROM notes WHERE id >= $1 AND id < $1 + 10', [id]))[0]).toEqual({ count: 6 });
  });

  it('answers alike the first time and later, in it and without it, with no rows and with none to have', async () => {
    const id = (next += 10);
    const change = { name: 'notes.change', text: 'UPDATE notes SET text = $2 WHERE id = $1' };
    for (const text of [null, 'again', 'more']) {
      expect(await read(id)).toEqual([]);
      expect(await database.execute(change, [id, text])).toBe(0);
      await database.execute(put, [id, 'first']);
      expect(await database.withTransaction(async (tx) => [await tx.execute(change, [id, text]), await tx.query(get, [id]), await tx.query(change, [id, text])])).toEqual([1, [{ id, text }], []]);
      expect(await read(id)).toEqual([{ id, text }]);
      await database.execute('DELETE FROM notes WHERE id = $1', [id]);
    }
  });

  it('fails by itself over a value that can not be sent', async () => {
    const id = (next += 10);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const failed = database.withTransaction((tx) => {
      tx.send(put, [id, circular]);
      return Promise.resolve();
    });
    expect(await codeOf(failed)).not.toBe('ok');
    expect(await read(id)).toEqual([]);
  });
});
