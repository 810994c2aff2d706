import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { StartupError } from '../startup-error.mjs';
import { dump } from './dump.mjs';

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
      const refused = await dump(server.toString(), join(folder, kind), { kind, masterKeyName: '00000000' }).catch((error) => error);
      expect(refused).toBeInstanceOf(StartupError);
      expect(refused.message).toMatch(new RegExp(`^The database ${base}_${missing} is not on the server of DATABASE_URL, and this takes one server for all four\\. Where services have servers of their own, docs/operating-backup\\.md says what to do\\.$`));
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
