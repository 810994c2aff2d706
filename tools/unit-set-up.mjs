import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './checkout.mjs';
import { prepareBuild } from './prepare.mjs';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/**
 * Starts one Postgres for all unit specs of the run: starting one per spec file took more time than the specs did. Each
 * spec has databases of its own in it. Before, it builds what is stale: specs run what is in dist.
 */
export default async function setUp() {
  await prepareBuild({ log: silent });
  const { startEmbeddedPostgres } = await import(pathToFileURL(join(root, 'dist/libs/platform/database/src/index.js')).href);
  const { default: pg } = await import('pg');
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-postgres-'));
  chmodSync(folder, 0o755); // Postgres drops root's rights and has to reach its own part of it
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent, settings: { max_connections: '400' } }); // several specs at once start all services, some of them twice
  globalThis.rollcallTestPostgres = { postgres, folder };
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  // The data of a test run need not survive the machine. Commits stay what they are for everybody who is connected.
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`ALTER SYSTEM SET ${setting} = off`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  // A busy machine may not get to it for a while.
  process.env.ROLLCALL_TEST_POSTGRES = `${postgres.url}?connect_timeout=30`;
}
