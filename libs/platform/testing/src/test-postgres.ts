import { startEmbeddedPostgres } from '#libs/platform/database';
import { onCleanUp } from './clean-up.js';
import { testFolder } from './test-folder.js';

export interface TestPostgres {
  /** `postgres://…/postgres`, of the superuser. */
  readonly url: string;
}

let running: Promise<TestPostgres> | undefined;

/**
 * A real Postgres, the embedded one: that of the whole run (`tools/unit-set-up.mjs`), or, where nothing is built yet, one of
 * this spec file, started by the first who asks and stopped after the last test. Whoever stops or breaks a server starts
 * one of their own.
 */
export function testPostgres(): Promise<TestPostgres> {
  const shared = process.env['ROLLCALL_TEST_POSTGRES'];
  running ??= shared === undefined ? start() : Promise.resolve({ url: shared });
  return running;
}

async function start(): Promise<TestPostgres> {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const postgres = await startEmbeddedPostgres({ dataDir: await testFolder('postgres'), log });
  onCleanUp(() => postgres.stop());
  return postgres;
}
