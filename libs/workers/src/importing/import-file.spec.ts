import { describe, expect, it } from '@jest/globals';
import { isFailure } from '#libs/platform/errors';
import { fieldsOf } from './csv-record.js';
import { readHeader, type ImportHeader } from './import-header.js';
import { readRow, type RowContext } from './import-row.js';
import { mostRecordBytes, RecordSplitter, type RawRecord } from './record-splitter.js';
import { rowId } from './row-id.js';

type Format = 'ndjson' | 'csv';

/** The file in pieces of a size, from a byte on. */
function cut(format: Format, file: Buffer, size: number, from = 0, line = 1): RawRecord[] {
  const splitter = new RecordSplitter(format, from, line, format === 'csv' ? ',' : undefined);
  const records: RawRecord[] = [];
  for (let at = from; at < file.length; at += size) records.push(...splitter.push(file.subarray(at, at + size)));
  return [...records, ...splitter.end()];
}
const seen = (records: readonly RawRecord[]) => records.map(({ bytes, line }) => `${line} ${bytes?.toString() ?? 'too long'}`);

const files: [Format, string, string[]][] = [
  ['ndjson', '{"id":"1"}\n\n{"id":"ü"}\r\n{"id":"3"}', ['1 {"id":"1"}', '2 ', '3 {"id":"ü"}', '4 {"id":"3"}']],
  ['csv', 'id,name\r\n1,"a\nb ""ü"""\n2,x"y\n"3",c\n', ['1 id,name', '2 1,"a\nb ""ü"""', '4 2,x"y', '5 "3",c']],
  ['ndjson', '', []],
  ['csv', '\n', ['1 ']],
];

describe('a file that comes in parts', () => {
  it.each(files)('of %s is cut into the same rows, whatever the parts are, and from each of them on: %j', (format, text, rows) => {
    const file = Buffer.from(text);
    for (const size of [1, 2, 3, 7, 4_096]) {
      const records = cut(format, file, size);
      expect(seen(records)).toEqual(rows);
      for (const [index, { end, nextLine }] of records.entries()) expect(seen(cut(format, file, size, end, nextLine))).toEqual(rows.slice(index + 1));
    }
  });

  it('holds no more of a row than a row may have, and finds the rows after it', () => {
    const long = 'x'.repeat(mostRecordBytes + 1);
    expect(seen(cut('ndjson', Buffer.from(`a\n${long}\nb`), 65_536))).toEqual(['1 a', '2 too long', '3 b']);
    expect(seen(cut('csv', Buffer.from(`a\n1,"${long}\nb\n`), 65_536))).toEqual(['1 a', '2 too long', '3 b']);
    const [, open] = cut('csv', Buffer.from('a\n1,"never closed\nb'), 65_536);
    expect(open).toMatchObject({ line: 2, isOpen: true });
  });
});

describe('a line of CSV', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['"a,""b""",', ['a,"b"', '']],
    ['', ['']],
    ['"a\nb",c"d', ['a\nb', 'c"d']],
    ['"a"b,c', undefined],
  ])('%j is %j', (text, fields) => expect(fieldsOf(text, ',')).toEqual(fields));
});

describe('the first line of a CSV file', () => {
  it('names columns, their types, and the delimiter', () => {
    expect(readHeader('users', 'id;email; attributes.age:number ;user_id')).toEqual({ delimiter: ';', columns: [{ field: 'id' }, { field: 'email' }, { field: 'attributes', key: 'age', type: 'number' }, { field: 'user_id' }] });
    expect(readHeader('events', 'uid\tevent\t"properties.a.b"').columns[2]).toEqual({ field: 'properties', key: 'a.b' });
  });

  it.each([
    ['users', 'email,name', ['id']],
    ['users', 'id,e-mail,attributes.', ['e-mail', 'attributes.']],
    ['users', 'id,email,email', ['email']],
    ['events', 'uid,attributes.plan', ['attributes.plan', 'event']],
    ['users', 'id,,name', ['']],
  ] as const)('of %s that is %j is refused, and it is said where', (kind, text, places) => {
    try {
      readHeader(kind, text);
      throw new Error('it was taken');
    } catch (error) {
      expect(isFailure(error, 'import-file-refused') && error.value.details?.map(({ path }) => path)).toEqual(places);
    }
  });
});

const job = { importId: '01a21b70-1f44-7b1c-9e0d-aabbccddeeff', createdAt: '2026-01-02T03:04:05.006Z' };
function read(kind: 'users' | 'events', format: Format, text: string | Buffer, header: ImportHeader | null = null, declared: RowContext['declared'] = new Map()) {
  return readRow({ bytes: Buffer.from(text), line: 7, nextLine: 8, end: 0, isOpen: false }, { job: { ...job, kind, format }, header, declared });
}

describe('a row', () => {
  it('of a user is the same by JSON and by CSV, with values of declared types', () => {
    const header = readHeader('users', 'id,first_name,is_account,lists,attributes.age,attributes.vip,attributes.plan,attributes.n:number,preferences.notificationsEnabled');
    const byCells = read('users', 'csv', 'u1,Ada,TRUE,l1;l2,36,no,"42",-1.5e3,false', header, new Map([['age', 'number'], ['vip', 'boolean']]));
    const byJson = read('users', 'ndjson', JSON.stringify({ id: 'u1', first_name: 'Ada', is_account: true, lists: ['l1', 'l2'], attributes: { age: 36, vip: 'no', plan: '42', n: -1_500 }, preferences: { notificationsEnabled: false }, segments: [], user_id: 'x' }));
    expect(byCells).toEqual(byJson);
    expect(byCells).toMatchObject({ kind: 'users', key: 'u1', user: { externalId: 'u1', newUserId: rowId(job, 7), patch: { firstName: 'Ada', isAccount: true, attributes: { age: 36, vip: 'no' } } } });
  });

  it('of an event has the id of its line where it has none of its own', () => {
    expect(read('events', 'ndjson', '{"uid":"u1","event":"Paid","timestamp":"2026-01-02"}')).toMatchObject({ key: null, event: { uid: 'u1', event: { id: rowId(job, 7), value: null, properties: {}, timestamp: '2026-01-02T00:00:00.000Z' } } });
    expect(read('events', 'ndjson', '{"uid":"u1","event":"Paid","id":"e1"}')).toMatchObject({ key: '["u1","e1"]', event: { event: { id: 'e1' } } });
  });

  it('is nothing when it is empty or the mark that an export ends with', () => {
    for (const text of ['', '  ', '{"kind":"end","records":3}']) expect(read('users', 'ndjson', text)).toEqual({ kind: 'nothing' });
  });

  it.each([
    ['{"id":"a b"}', 'id'],
    ['{"email":"a@example.com"}', 'id'],
    ['{"id":"a","emial":"x"}', 'emial'],
    ['{"id":"a","email":"no"}', 'email'],
    ['{"id":"a","attributes":{"plan":[1]}}', 'attributes.plan'],
    ['{"id":"a","created_at":"2026-02-30"}', 'created_at'],
    ['[1]', ''],
    ['{"id":"secret"', ''],
    [Buffer.from([0x7b, 0xff]), ''],
    [`{"id":"a","preferences":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, ''],
  ])('that is wrong says where, and never what stands there: %p', (text, place) => {
    const row = read('users', 'ndjson', text);
    expect(row).toMatchObject({ kind: 'mistakes', details: expect.arrayContaining([expect.objectContaining({ path: place })]) });
    expect(JSON.stringify(row)).not.toContain('secret');
  });

  it('has an id that is a UUIDv7, its own, and in the order of lines', () => {
    const ids = [1, 2, 500, 2 ** 30, 2 ** 31 + 5].map((line) => rowId(job, line));
    expect([...new Set(ids)].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(rowId({ ...job, importId: '01a21b70-1f44-7b1c-9e0d-aabbccddeefe' }, 1)).not.toBe(ids[0]);
  });
});
