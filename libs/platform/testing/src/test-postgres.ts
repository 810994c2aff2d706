import { startEmbeddedPostgres } from '#libs/platform/database';
import { onCleanUp } from './clean-up.js';
import { testFolder } from './test-folder.js';

export interface TestPostgres {
  /** `postgres://…/postgres`, of the superuser. */
  readonly url: string;
}

let running: Promise<TestPostgres> | undefined;

/** The Postgres of this spec file: the embedded one, started by the first who asks and stopped after the last test. */
export function testPostgres(): Promise<TestPostgres> {
  running ??= start();
  return running;
}

async function start(): Promise<TestPostgres> {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const postgres = await startEmbeddedPostgres({ dataDir: await testFolder('postgres'), log });
  onCleanUp(() => postgres.stop());
  return postgres;
}
