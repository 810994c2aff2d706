import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { StartupError } from '#libs/platform/errors';
import { locateCluster } from './cluster-location.js';
import { secureCluster } from './cluster-ownership.js';
import { claimDataFolder } from './data-folder.js';
import type { EmbeddedPostgres, EmbeddedPostgresLog } from './embedded-postgres.js';
import { stopLeftoverPostgres } from './leftover-postgres.js';
import { ensureCluster, readPassword, superuser } from './make-cluster.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { PostgresKeeper } from './postgres-keeper.js';
import { chooseServiceUser } from './service-user.js';

export interface EmbeddedPostgresOptions {
  /** The data folder, claimed by the caller; the database lies in its `postgres`. */
  dataDir: string;
  log: EmbeddedPostgresLog;
  /** Over those of `postgresSettings`, for a bench whose data is more than a laptop's. */
  settings?: Readonly<Record<string, string>>;
}

/**
 * Starts the Postgres that comes with Rollcall on the data folder, creating the database on the first run, and keeps it
 * running until `stop()`. It listens on a free port of 127.0.0.1 and asks for a password.
 *
 * @throws StartupError when it can't run here, or the data folder's database is not ours to open
 */
export async function startEmbeddedPostgres({ dataDir, log, settings }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await realpath(resolve(dataDir));
  const user = chooseServiceUser(await ownerOf(resolve(folder, 'postgres')));
  const binaries = await findPostgresBinaries(user, log);
  const location = await locateCluster(folder, user, log);
  const claim = location.moved ? await claimDataFolder(location.home) : undefined;
  try {
    await ensureCluster(location, binaries, user, log);
    const cluster = await realpath(location.cluster);
    await secureCluster(cluster, user);
    await stopLeftoverPostgres(cluster, log);
    const password = await readPassword(cluster);
    const keeper = new PostgresKeeper(binaries.postgres, cluster, user, log, settings);
    const port = await startOnFreePort(keeper);
    return {
      port,
      url: `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`,
      async stop() {
        await keeper.stop();
        await claim?.release();
      },
    };
  } catch (error) {
    await claim?.release();
    throw error;
  }
}

/** A free port may be taken between looking and starting, and the shared memory of a killed run may linger for a moment. */
async function startOnFreePort(keeper: PostgresKeeper): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await keeper.start(port);
      return port;
    } catch (error) {
      const { message } = error as Error;
      const passing = /could not create any TCP\/IP sockets|shared memory block|lock file/.test(message);
      if (!passing || attempt === 10) throw new StartupError(`The embedded Postgres did not start (${message}): mend that, or set DATABASE_URL to a Postgres of your own.`);
      await new Promise((later) => setTimeout(later, 200));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((found, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function ownerOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.uid;
}

