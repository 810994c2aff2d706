import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { built, databaseUrl, migrations } from './backup/databases.mjs';
import { rotateDataKey } from './rotate-data-key.mjs';
import { masterKey } from './services-config.mjs';

describe('a rotation of a data key by a command', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-data-keys-'));
  let serverUrl;
  let client;
  const rotate = (env = {}) => rotateDataKey(serverUrl, 'operations', { dataDir, requestId: 'of-a-spec', env });

  beforeAll(async () => {
    const [{ testDatabaseUrl }, { sealRoot }] = await Promise.all([built('libs/platform/testing/src/index.js'), built('libs/platform/keys/src/index.js')]);
    serverUrl = await testDatabaseUrl({ service: 'operations', migrations: await migrations('operations') });
    client = new pg.Client({ connectionString: await databaseUrl(serverUrl, 'operations') });
    await client.connect();
    const secret = randomBytes(32);
    const key = Buffer.from(masterKey(dataDir, {}), 'base64');
    await expect(rotate()).rejects.toThrow('has no data key yet: start Rollcall once');
    await client.query('INSERT INTO data_keys (name, sealed) VALUES ($1, $2)', ['root', sealRoot(key, 'operations', { name: 'root', secret })]);
  });
  afterAll(async () => {
    await client?.end();
    rmSync(dataDir, { recursive: true });
  });

  it('adds one with its row of the audit trail, once, though it is broken off and begun anew', async () => {
    expect(await Promise.all([rotate(), rotate()])).toEqual(expect.arrayContaining([true, false]));
    expect(await rotate()).toBe(false);
    const { rows: keys } = await client.query(`SELECT name FROM data_keys ORDER BY name`);
    expect(keys.map(({ name }) => name)).toEqual(['root', expect.stringMatching(/^root-\d{15}$/)]);
    const { rows: entries } = await client.query('SELECT action, actor_type, actor_id, target_id, request_id FROM audit_entries');
    expect(entries).toEqual([{ action: 'data-key.rotated', actor_type: 'system', actor_id: 'operator', target_id: 'operations', request_id: 'of-a-spec' }]);
  });

  it('changes nothing under another master key', async () => {
    const refused = await rotate({ ROLLCALL_MASTER_KEY: randomBytes(32).toString('base64') }).catch((error) => error);
    expect(refused).toBeInstanceOf(Error);
    expect(refused.message).toMatch(/^The master key does not open the keys in the operations database/);
    expect((await client.query('SELECT FROM data_keys')).rowCount).toBe(2);
  });
});
