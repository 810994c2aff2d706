import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { StartupError } from '../startup-error.mjs';
import { built, databaseUrl, openServer, services } from './databases.mjs';
import { copyIn, dump, makeFolder, readManifest } from './dump.mjs';

describe('a backup where services have servers of their own', () => {
  const base = `test_${randomUUID().slice(0, 8)}`;
  const server = new URL(process.env.ROLLCALL_TEST_POSTGRES);
  server.pathname = `/${base}`;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));

  beforeAll(async () => {
    const admin = new pg.Client({ connectionString: process.env.ROLLCALL_TEST_POSTGRES });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${base}_identity`);
    await admin.end();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is refused by a sentence that names what is not on the server, and leaves nothing behind', async () => {
    for (const kind of ['whole', 'erasures']) {
      const missing = kind === 'whole' ? 'profiles' : '(profiles|operations)';
      const refused = await dump(server.toString(), join(folder, kind), { kind, keys: [{ name: '00000000', bytes: Buffer.alloc(32) }] }).catch((error) => error);
      expect(refused).toBeInstanceOf(StartupError);
      expect(refused.message).toMatch(new RegExp(`^The database ${base}_${missing} is not on the server of DATABASE_URL, and this takes one server for all four\\. Where services have servers of their own, docs/operating-backup\\.md says what to do\\.$`));
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});

describe('a folder that no backup can be written to', () => {
  it.each(['/proc/backup', '/proc/1/backups/today', '/dev/null/backup'])('is told at once: %s', (folder) => {
    // A process of its own, since it is about one that would never end.
    const code = `import('./tools/backup/dump.mjs').then(({ makeFolder }) => makeFolder(process.argv[1])).catch((error) => console.log(error.message))`;
    const { stdout } = spawnSync(process.execPath, ['-e', code, folder], { encoding: 'utf8', timeout: 30_000, killSignal: 'SIGKILL' });
    expect(stdout).toMatch(new RegExp(`^${folder} can't be made \\(E[A-Z]+\\): name a folder that can be written to\\.\\n$`));
  });

  it('is made with the folders above it, for its owner alone', () => {
    const above = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
    for (const _ of ['first', 'again']) makeFolder(join(above, 'a/b'));
    expect([statSync(join(above, 'a')).mode & 0o777, statSync(join(above, 'a/b')).mode & 0o777]).toEqual([0o700, 0o700]);
    rmSync(above, { recursive: true });
  });
});

describe('a DATABASE_URL that is none', () => {
  it('is told in one sentence', async () => {
    for (const url of ['nonsense', 'mysql://127.0.0.1/rollcall', 'postgres://[']) await expect(openServer(tmpdir(), { mayRun: true, env: { DATABASE_URL: url } })).rejects.toThrow('DATABASE_URL is wrong: it must be a postgres:// address.');
  });
});

describe('a backup', () => {
  const base = `test_${randomUUID().slice(0, 8)}`;
  const server = new URL(process.env.ROLLCALL_TEST_POSTGRES);
  server.pathname = `/${base}`;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
  const [present, before, strange] = ['11111111', '22222222', '33333333'].map((name) => ({ name, bytes: randomBytes(32) }));
  const clients = {};
  const back = (kind, name, keys = [present]) => dump(server.toString(), join(folder, name), { kind, keys });
  const refused = (attempt) => attempt.then(() => undefined, (error) => (error instanceof StartupError ? error.message : error));

  async function seal(service, { bytes }) {
    const { sealRoot } = await built('libs/platform/keys/src/index.js');
    const sealed = sealRoot(bytes, service, { name: 'root', secret: randomBytes(32) });
    await clients[service].query(`INSERT INTO data_keys (name, sealed) VALUES ('root', $1) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed`, [sealed]);
  }

  beforeAll(async () => {
    const admin = new pg.Client({ connectionString: process.env.ROLLCALL_TEST_POSTGRES });
    await admin.connect();
    for (const service of services) {
      await admin.query(`CREATE DATABASE ${base}_${service}`);
      const client = new pg.Client({ connectionString: await databaseUrl(server.toString(), service) });
      await client.connect();
      await client.query('CREATE TABLE schema_migrations (id int, name text); CREATE TABLE outbox (id int); CREATE TABLE data_keys (name text PRIMARY KEY, sealed bytea); CREATE TABLE tombstones (name text)');
      clients[service] = client;
      await seal(service, present);
    }
    await admin.end();
  });
  afterAll(async () => {
    for (const client of Object.values(clients)) await client.end();
    rmSync(folder, { recursive: true });
  });

  it('names the master key that it is sealed under, whichever was given first, and both in the middle of a change', async () => {
    expect(await back('whole', 'of-today', [present, before])).toMatchObject({ masterKeys: ['11111111'] });
    for (const service of services) await seal(service, before);
    expect(await back('whole', 'not-started-anew', [present, before])).toMatchObject({ masterKeys: ['22222222'] });
    expect(readManifest(join(folder, 'not-started-anew'), 'whole')).toMatchObject({ master_key: '22222222' });
    await seal('profiles', present);
    expect(await back('whole', 'both', [present, before])).toMatchObject({ masterKeys: ['22222222', '11111111'] });
    expect(readManifest(join(folder, 'both'), 'whole')).toMatchObject({ master_keys: ['22222222', '11111111'] });
  });

  it('is not made under a key that opens nothing of it', async () => {
    expect(await refused(back('whole', 'strange', [strange]))).toMatch(/^The master key \(33333333\) does not open the keys in the identity database/);
    expect(existsSync(join(folder, 'strange'))).toBe(false);
  });

  it('of what is known of erasures takes the place of an earlier one, and of nothing else', async () => {
    await clients.profiles.query(`INSERT INTO tombstones VALUES ('one')`);
    for (const _ of ['first', 'again']) expect(await back('erasures', 'erasures')).toMatchObject({ rows: 1 });
    mkdirSync(join(folder, 'photographs'));
    writeFileSync(join(folder, 'photographs/one.jpg'), '');
    for (const other of ['of-today', 'photographs', 'photographs/one.jpg']) expect(await refused(back('erasures', other))).toMatch(/is there already, and is no earlier copy/);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['erasures', 'of-today', 'photographs']));
    expect(readManifest(join(folder, 'of-today'), 'whole')).toMatchObject({ kind: 'whole' });
  });

  it('of what is known of erasures is whole, and known of, whenever the one that takes its place is killed', async () => {
    await back('erasures', 'killed');
    // A process of its own, which dies as it gives the new copy its name.
    const code = `import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { renameSync } = fs;
      fs.renameSync = (from, to) => (from.endsWith('.part') ? process.kill(process.pid, 'SIGKILL') : renameSync(from, to));
      syncBuiltinESMExports();
      const { dump } = await import('./tools/backup/dump.mjs');
      await dump(process.argv[1], process.argv[2], { kind: 'erasures', keys: [{ name: '11111111', bytes: Buffer.alloc(32) }] });`;
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', code, server.toString(), join(folder, 'killed')]).signal).toBe('SIGKILL');
    const copies = () => readdirSync(folder).filter((name) => name.startsWith('killed'));
    expect(copies()).toEqual(['killed.before', 'killed.part']);
    expect(() => readManifest(join(folder, 'killed'), 'erasures')).toThrow(/The copy before is .*killed\.before: name that one/);
    await clients.profiles.query('ALTER TABLE tombstones RENAME TO known');
    await clients.profiles.query('CREATE TABLE tombstones (name text)');
    expect(await refused(back('erasures', 'killed'))).toMatch(/knows of erasures that the databases know nothing of/);
    expect(readManifest(join(folder, 'killed'), 'erasures').services.profiles.tables).toMatchObject([{ rows: 1 }]);
    await clients.profiles.query('DROP TABLE tombstones');
    await clients.profiles.query('ALTER TABLE known RENAME TO tombstones');
    // One that was killed later: the new copy is there, the one before not gone yet.
    cpSync(join(folder, 'killed'), join(folder, 'killed.before'), { recursive: true });
    await back('erasures', 'killed');
    expect(copies()).toEqual(['killed']);
    mkdirSync(join(folder, 'killed.before/photographs'), { recursive: true });
    expect(await refused(back('erasures', 'killed'))).toMatch(/killed\.before is there, and is no earlier copy/);
    expect(copies()).toEqual(['killed', 'killed.before']);
  });

  it('of what is known of erasures is kept while the databases know less: they were restored without it', async () => {
    await clients.profiles.query('DELETE FROM tombstones');
    expect(await refused(back('erasures', 'erasures'))).toMatch(/knows of erasures that the databases know nothing of/);
    expect(readManifest(join(folder, 'erasures'), 'erasures').services.profiles.tables).toEqual([expect.objectContaining({ name: 'tombstones', rows: 1 })]);
  });

  it('of which a file is cut off, changed or gone is told from a whole one', async () => {
    await clients.profiles.query(`INSERT INTO tombstones SELECT md5(i::text) FROM generate_series(1, 100) i`);
    await back('erasures', 'broken');
    const [table] = readManifest(join(folder, 'broken'), 'erasures').services.profiles.tables;
    const file = join(folder, 'broken/profiles', table.file);
    const bytes = readFileSync(file);
    const reading = () => refused(copyIn(clients.profiles, join(folder, 'broken/profiles'), table, 'tombstones'));
    const changed = Buffer.from(bytes);
    changed[100] ^= 0xff;
    for (const broken of [bytes.subarray(0, -20), changed, gzipSync('other\n')]) {
      writeFileSync(file, broken);
      expect(await reading()).toMatch(/is not the file that the backup wrote/);
    }
    rmSync(file);
    expect(await reading()).toMatch(/is not the file that the backup wrote/);
  });
});
