import { resolve } from 'node:path';
import type { Environment } from '#libs/platform/config';
import { claimDataFolder, startEmbeddedPostgres } from '#libs/platform/database';
import type { Logger } from '#libs/platform/logging';
import { forgetPreviousMasterKey, masterKeysIn } from './master-key.js';

/** What the all-in-one provides for itself, and gives back at the end. */
export interface LocalResources {
  /** The given environment, completed with what was provided. */
  environment: Environment;
  dataDir: string;
  /** Whoever tries to start on the same folder is told this address. */
  announce(url: string): Promise<void>;
  /** Every service has opened its keys: what was only needed for that goes. */
  settle(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Claims the data folder, makes the master key, and starts the embedded Postgres unless there is another.
 * @throws StartupError when the folder can't be used or is in use
 */
export async function provideLocally(environment: Environment, configuredDataDir: string, logger: Logger): Promise<LocalResources> {
  const dataDir = resolve(configuredDataDir);
  const claim = await claimDataFolder(dataDir);
  const releases = [() => claim.release()];
  const release = async (): Promise<void> => {
    for (const each of releases.reverse()) await each();
  };
  try {
    const completed: Record<string, string | undefined> = { ...environment };
    const keys = completed['ROLLCALL_MASTER_KEY'] ? undefined : await masterKeysIn(dataDir);
    const isGivenPrevious = Boolean(completed['ROLLCALL_MASTER_KEY_PREVIOUS']);
    if (keys !== undefined) {
      completed['ROLLCALL_MASTER_KEY'] = keys.present;
      if (!isGivenPrevious) completed['ROLLCALL_MASTER_KEY_PREVIOUS'] = keys.previous;
    }
    if (!completed['DATABASE_URL']) {
      const postgres = await startEmbeddedPostgres({ dataDir, log: plainLog(logger) });
      releases.push(() => postgres.stop());
      completed['DATABASE_URL'] = postgres.url;
    }
    return { environment: completed, dataDir, announce: (url) => claim.announce(url), settle: async () => (keys === undefined || isGivenPrevious ? undefined : forgetPreviousMasterKey(dataDir, keys)), release };
  } catch (error) {
    await release();
    throw error;
  }
}

function plainLog(logger: Logger) {
  return { debug: (message: string) => logger.debug({}, message), info: (message: string) => logger.info({}, message), warn: (message: string) => logger.warn({}, message) };
}
