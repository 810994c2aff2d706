import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, ForeignPostgres, RunningPlatform, type Demo } from '#libs/platform/testing';
import { unique } from './platform-under-test.js';

const mark = unique('canary').replace(/[^a-z0-9]/g, '');

/** Names of the files of the server in which a value of the user stands. */
async function filesWith(text: string, folder: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hits = await Promise.all(files.map(async (file) => (await readFile(file).catch(() => Buffer.alloc(0))).includes(text))); // gone meanwhile
  return files.filter((_, index) => hits[index]).map((file) => file.slice(folder.length));
}

describe('an erasure on a Postgres that somebody else looks after', () => {
  let postgres: ForeignPostgres;
  let platform: RunningPlatform;
  let demo: Demo;
  beforeAll(async () => {
    postgres = await ForeignPostgres.start();
    platform = await RunningPlatform.start('all-in-one', { DATABASE_URL: postgres.url, ERASURE_REMOVAL_AFTER: '1s' });
    demo = await platform.demo();
  }, 180_000);
  afterAll(async () => {
    await platform?.stop();
    await postgres?.stop();
  });

  /** Makes users, erases one, and waits for what became of the bytes. */
  async function erase(name: string) {
    const basic: [string, string] = [demo.engagement.key, demo.engagement.secret];
    const value = `${mark}${name}`;
    for (const id of [value, `other-${name}`]) {
      await platform.api.post('/v1/users', { basic, body: { id, first_name: id, email: `${id}@example.com`, meta: { note: id.repeat(50) } } });
      await platform.api.post(`/v1/users/${id}/events`, { basic, body: { event: 'Saw', properties: { what: id } } });
    }
    expect(await filesWith(value, postgres.folder)).not.toEqual([]);
    const job = (await platform.api.delete(`/v1/users/${value}`, { basic })).headers.get('x-rollcall-job-id');
    const { receipt, removal_receipt } = await eventually(async () => {
      const { body } = await platform.api.get(`/v1/erasures/${job}`, { basic });
      expect(body.removal_receipt).toBeDefined();
      return body;
    }, 120_000);
    expect(await filesWith(`other-${name}`, postgres.folder)).not.toEqual([]);
    return { value, remains: Object.values(receipt.services as Record<string, { remains: Record<string, number> }>).flatMap(({ remains }) => Object.values(remains)), removal: removal_receipt };
  }

  const removals = async () => (await platform.api.get('/v1/admin/receipts?kind=removal', { headers: { 'x-api-key': demo.superAdmin.apiKey } })).body.receipts.length as number;

  it('without the grants erases every row, and says once what it may not do', async () => {
    const { remains, removal } = await erase('first');
    expect(remains.every((rows) => rows === 0)).toBe(true);
    expect(removal).toMatchObject({ complete: false, write_ahead_log: 'not-permitted', services: { profiles: { users: 'rewritten' }, identity: { logins: 'rewritten' } } });
    const before = await removals();
    await platform.query('operations', 'SELECT pg_sleep(4)');
    expect(await removals()).toBe(before);
    const loud = (await platform.readLog()).split('\n').filter((line) => /"level":(50|60)/.test(line));
    expect(loud).toEqual([]);
  }, 180_000);

  it('with them leaves nothing in any file of the server, of this user and of the one before', async () => {
    const { role } = postgres;
    await postgres.asSuperuser('postgres', 'ALTER SYSTEM SET wal_recycle = off', 'SELECT pg_reload_conf()', `GRANT pg_checkpoint, pg_monitor TO ${role}`);
    const [operations] = await platform.query<{ name: string }>('operations', 'SELECT current_database() AS name');
    await postgres.asSuperuser(operations!.name, `GRANT EXECUTE ON FUNCTION pg_switch_wal() TO ${role}`); // each database has functions of its own
    const { value, removal } = await erase('second');
    expect(removal).toMatchObject({ complete: true, write_ahead_log: 'removed' });
    expect(await filesWith(value, postgres.folder)).toEqual([]);
    expect(await filesWith(`${mark}first`, postgres.folder)).toEqual([]);
  }, 180_000);
});
