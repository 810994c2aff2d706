import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { removeDeadRows, removeWriteAheadLog, type Database } from '#libs/platform/database';
import { testDatabase } from '#libs/platform/testing';

describe('removing dead rows', () => {
  let database: Database;
  const largestBytes = 1_000_000_000;
  const remove = (tables: string[], more: Partial<Parameters<typeof removeDeadRows>[1]> = {}) => removeDeadRows(database, { tables, since: {}, largestBytes, ...more });
  const outcomes = async (...asked: Parameters<typeof remove>) => Object.fromEntries(Object.entries(await remove(...asked)).map(([table, { outcome }]) => [table, outcome]));
  const fileOf = async (table: string) => (await database.query<{ node: string }>('SELECT pg_relation_filenode($1::regclass)::text AS node', [table]))[0]!.node;

  beforeAll(async () => {
    ({ database } = await testDatabase('operations', { entities: [], migrations: [] }));
    await database.execute('CREATE TABLE plain (id integer PRIMARY KEY, name text)');
    await database.execute('CREATE TABLE parts (id integer) PARTITION BY LIST (id)');
    await database.execute('CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)');
    await database.execute('CREATE TABLE "Quoted" (id integer)');
  });

  it('gives tables and every partition a new file', async () => {
    const before = await Promise.all(['plain', 'parts_1'].map(fileOf));
    expect(await outcomes(['plain', 'parts', 'Quoted'])).toEqual({ plain: 'rewritten', parts_1: 'rewritten', '"Quoted"': 'rewritten' });
    const after = await Promise.all(['plain', 'parts_1'].map(fileOf));
    expect(after.filter((node, index) => node === before[index])).toEqual([]);
  });

  it('refuses a table that is not there, rather than leave it out', async () => {
    await expect(remove(['no_such_table'])).rejects.toThrow('no_such_table');
  });

  it('says of a table that it is too large, and only vacuums it', async () => {
    const before = await fileOf('plain');
    expect(await outcomes(['plain'], { largestBytes: 1 })).toEqual({ plain: 'too-large' });
    expect(await fileOf('plain')).toBe(before);
  });

  it('says of a table of somebody else that it may not', async () => {
    await database.execute(`CREATE ROLE spec_other; CREATE TABLE foreign_table (id integer); ALTER TABLE foreign_table OWNER TO spec_other; CREATE ROLE spec_plain LOGIN PASSWORD 'plain'; GRANT CREATE, USAGE ON SCHEMA public TO spec_plain`);
    const client = await database.connect();
    const url = (client as unknown as { connectionParameters: { host: string; port: number; database: string } }).connectionParameters;
    client.release();
    const plain = new pg.Client({ host: url.host, port: url.port, database: url.database, user: 'spec_plain', password: 'plain' });
    await plain.connect();
    try {
      const asPlain = { connect: async () => Object.assign(plain, { release: () => undefined }) } as unknown as Database;
      const report = await removeDeadRows(asPlain, { tables: ['foreign_table'], since: {}, largestBytes });
      expect(report['foreign_table']!.outcome).toBe('not-permitted');
      expect(await removeWriteAheadLog(asPlain)).toBe('not-permitted');
    } finally {
      await plain.end();
    }
  });

  it('leaves nothing of the write-ahead log of before', async () => {
    expect(await removeWriteAheadLog(database)).toBe('removed');
  });
});
