import { availableParallelism } from 'node:os';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { DataSource, MigrationInterface } from 'typeorm';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { Metrics, Readiness } from '#libs/platform/telemetry';
import { createDataSource, createReplicaDataSource } from './data-source.js';
import { databaseConfig } from './database.config.js';
import { Database } from './database.js';
import { ListReads } from './list-reads.js';
import { prepareDatabase } from './prepare-database.js';
import { ReadReplica } from './read-replica.js';

/** Token of whether all services are in this process: true or false, nothing is false. */
export const allInOneProcess = Symbol('allInOneProcess');

/** What a service says about its database. */
export interface ServiceDatabase {
  /** `identity`: the database is `<name>_identity`. */
  service: string;
  entities: readonly Type[];
  /** In order; shared ones (outbox, inbox) first. */
  migrations: readonly Type<MigrationInterface>[];
  /** After the migrations: refuses a database that could not serve us, by a `StartupError`. */
  check?: (dataSource: DataSource) => Promise<void>;
}

/** The replica's own `Database`, where one is configured: apart, because Nest closes it with the application. */
class ReplicaDatabase {
  constructor(readonly database: Database | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database?.onApplicationShutdown();
  }
}

/** Provides the service's `Database`, and `ListReads` for its lists. Opens it in the background; `Readiness` knows when it can be used. */
@Module({})
export class DatabaseModule {
  static forService(definition: ServiceDatabase): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          useFactory: (config: ConfigValues<typeof databaseConfig>, logger: Logger, readiness: Readiness, metrics: Metrics, allInOne?: boolean) => {
            const database = new Database(definition.service, createDataSource(definition, config, logger), logger, atOnce(config, allInOne));
            readiness.register(`postgres:${definition.service}`, () => database.check(), database.open((dataSource) => prepareDatabase(dataSource, definition, logger)));
            watchPool(database, metrics);
            return database;
          },
          inject: [databaseConfig.token, Logger, Readiness, Metrics, { token: allInOneProcess, optional: true }],
        },
        {
          provide: ReplicaDatabase,
          useFactory: (config: ConfigValues<typeof databaseConfig>, logger: Logger, metrics: Metrics, allInOne?: boolean) => {
            const dataSource = createReplicaDataSource(definition, config, logger);
            if (dataSource === undefined) return new ReplicaDatabase(undefined);
            const database = new Database(`${definition.service} replica`, dataSource, logger, atOnce(config, allInOne));
            watchPool(database, metrics);
            return new ReplicaDatabase(database);
          },
          inject: [databaseConfig.token, Logger, Metrics, { token: allInOneProcess, optional: true }],
        },
        {
          provide: ListReads,
          useFactory: (database: Database, replica: ReplicaDatabase, logger: Logger, metrics: Metrics) =>
            new ListReads(database, replica.database && new ReadReplica(database, replica.database, logger), metrics.counter('rollcall_list_reads_total', 'Lists that were read, of services that have a read replica, by where', ['database', 'from'])),
          inject: [Database, ReplicaDatabase, Logger, Metrics],
        },
      ],
      exports: [Database, ListReads],
    };
  }
}

/**
 * Postgres is taken to have as many processors as this machine: it is often the same one. All in one twice as many statements are given to it: while the one event loop serves
 * everybody else, it leaves answers lying, and Postgres would have nothing to do.
 */
function atOnce({ DATABASE_CONCURRENCY }: ConfigValues<typeof databaseConfig>, allInOne = false): number {
  return DATABASE_CONCURRENCY ?? Math.max(2, availableParallelism()) * (allInOne ? 2 : 1);
}

function watchPool(database: Database, metrics: Metrics): void {
  const connections = metrics.gauge('rollcall_database_connections', 'Connections to a database, by what they do: idle or busy', ['database', 'state']);
  const waiting = metrics.gauge('rollcall_database_waiting', 'Statements that wait for a connection', ['database']);
  const queued = metrics.gauge('rollcall_database_queued', 'Statements and transactions that wait for their turn: `DATABASE_CONCURRENCY` of them run at a time', ['database']);
  metrics.readWhenAsked({
    read: () => {
      const figures = database.figures();
      connections.set({ database: database.service, state: 'idle' }, figures.idle);
      connections.set({ database: database.service, state: 'busy' }, figures.busy);
      waiting.set({ database: database.service }, figures.waiting);
      queued.set({ database: database.service }, figures.queued);
    },
  });
}
