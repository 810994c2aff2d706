import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { StartupError } from '../startup-error.mjs';
import { eraseInRestored, restore } from './restore.mjs';

describe('what a restore that was killed had loaded', () => {
  const base = `test_${randomUUID().slice(0, 8)}`;
  const server = new URL(process.env.ROLLCALL_TEST_POSTGRES);
  server.pathname = `/${base}`;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-restore-'));
  const [identity, profiles, other] = [`${base}_restoring_identity`, `${base}_restoring_profiles`, `${base}_too_restoring_identity`];
  const key = randomBytes(32);
  let admin;
  let said;

  const manifest = (kind) => ({ format: 1, kind, version: '0.0.0', master_key: createHash('sha256').update(key).digest('hex').slice(0, 8), services: {} });
  const here = async () => (await admin.query('SELECT datname FROM pg_database WHERE datname LIKE $1 ORDER BY 1', [`${base}%restoring%`])).rows.map((row) => row.datname);
  const refused = (attempt) => attempt.then(() => undefined, (error) => (error instanceof StartupError ? error.message : error));
  const options = () => ({ serverUrl: server.toString(), dataDir: folder, folder, log: (line) => said.push(line) });

  beforeAll(async () => {
    writeFileSync(join(folder, 'master.key'), `${key.toString('base64')}\n`);
    admin = new pg.Client({ connectionString: process.env.ROLLCALL_TEST_POSTGRES });
    await admin.connect();
    for (const name of [`${base}_identity`, other]) await admin.query(`CREATE DATABASE ${name}`);
  });
  afterAll(async () => {
    for (const name of [`${base}_identity`, identity, profiles, other]) await admin.query(`DROP DATABASE IF EXISTS ${name}`);
    await admin.end();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['restore', 'whole', () => restore({ ...options(), erasures: undefined, replace: false }), 'There are databases already'],
    ['erasing anew', 'erasures', () => eraseInRestored({ ...options(), erasures: folder }), 'There is no database'],
  ])('is removed by the next %s, which says so, whatever becomes of it; what others load stays', async (_what, kind, attempt, refusal) => {
    said = [];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest(kind)));
    for (const name of [identity, profiles]) await admin.query(`CREATE DATABASE ${name}`);
    expect(await refused(attempt())).toContain(refusal);
    expect(said).toEqual([expect.stringMatching(new RegExp(`^Removed what a restore that was broken off had left: (${identity}, ${profiles}|${profiles}, ${identity})\\.$`))]);
    expect(await here()).toEqual([other]);
    expect(await refused(attempt())).toContain(refusal);
    expect(said).toHaveLength(1);
  });

  it('stays while somebody is connected to it, which is said in a sentence', async () => {
    said = [];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest('whole')));
    for (const name of [identity, profiles]) await admin.query(`CREATE DATABASE ${name}`);
    const address = new URL(server);
    address.pathname = `/${profiles}`;
    const another = new pg.Client({ connectionString: address.toString() });
    await another.connect();
    try {
      expect(await refused(restore({ ...options(), erasures: undefined, replace: true }))).toMatch(new RegExp(`^The database ${profiles} of a restore is in use: .*\\.$`));
      expect([await here(), said]).toEqual([[identity, profiles, other].sort(), []]);
    } finally {
      await another.end();
    }
  });
});
