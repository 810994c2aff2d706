import { DataSource } from 'typeorm';
import type pg from 'pg';
import type { ConfigValues } from '#libs/platform/config';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import { columnTypes } from './column-types.js';
import type { databaseConfig } from './database.config.js';
import type { ServiceDatabase } from './database.module.js';

/** Where it is kept which migrations were done. */
export const migrationsTableName = 'schema_migrations';

/** The service's own database on the given server: `…/rollcall` → `…/rollcall_identity`. */
export function serviceDatabaseUrl(serverUrl: string, service: string): string {
  const url = new URL(serverUrl);
  const base = url.pathname.slice(1);
  url.pathname = `/${base === '' || base === 'postgres' ? 'rollcall' : base}_${service}`;
  return url.toString();
}

/** How long a connection may take to be made, and a pool's to be free, in milliseconds: `connect_timeout` of the address, which has seconds as libpq has it. */
export function connectTimeoutMs(url: string): number {
  return Number(new URL(url).searchParams.get('connect_timeout') ?? 3) * 1_000;
}

/** @returns of the replica that lists are read from; undefined where there is none. Nobody migrates it, and nobody has entities of it */
export function createReplicaDataSource(definition: ServiceDatabase, config: ConfigValues<typeof databaseConfig>, logger: Logger): DataSource | undefined {
  if (config.DATABASE_READ_URL === undefined) return undefined;
  return createDataSource({ ...definition, entities: [], migrations: [] }, { ...config, DATABASE_URL: config.DATABASE_READ_URL }, logger);
}

export function createDataSource(definition: ServiceDatabase, config: Omit<ConfigValues<typeof databaseConfig>, 'DATABASE_CONCURRENCY'>, logger: Logger): DataSource {
  if (config.DATABASE_URL === undefined) throw new StartupError('DATABASE_URL is not set: it must be a postgres:// address.');
  return new DataSource({
    type: 'postgres',
    url: serviceDatabaseUrl(config.DATABASE_URL, definition.service),
    applicationName: `rollcall-${definition.service}`,
    entities: [...definition.entities],
    migrations: [...definition.migrations],
    migrationsTableName,
    poolSize: config.DATABASE_POOL_SIZE,
    connectTimeoutMS: connectTimeoutMs(config.DATABASE_URL),
    poolErrorHandler: (error: Error) => logger.debug({ database: definition.service, err: error }, 'an idle database connection was lost'),
    // No JIT: columns without statistics make the planner overrate a query, and compiling one costs more than running it.
    // Both ends ask after one another: a host that vanished would hold its locks, and its connections a place here, for hours.
    // A connection that is cut off between two queries says so by an event, which would end the process; the next query says it too.
    // A new connection costs a process of Postgres, and every statement its plan: those of a busy moment are kept for the next one.
    extra: {
      idleTimeoutMillis: 60_000,
      onConnect: (client: pg.Client) => void client.on('error', () => undefined),
      types: columnTypes,
      options: '-c timezone=UTC -c jit=off -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  });
}
