import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { DataSource, MigrationInterface } from 'typeorm';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { Metrics, Readiness } from '#libs/platform/telemetry';
import { createDataSource } from './data-source.js';
import { databaseConfig } from './database.config.js';
import { Database } from './database.js';
import { prepareDatabase } from './prepare-database.js';

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

/** Provides the service's `Database`. Opens it in the background; `Readiness` knows when it can be used. */
@Module({})
export class DatabaseModule {
  static forService(definition: ServiceDatabase): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          useFactory: (config: ConfigValues<typeof databaseConfig>, logger: Logger, readiness: Readiness, metrics: Metrics) => {
            const database = new Database(definition.service, createDataSource(definition, config, logger), logger);
            readiness.register(`postgres:${definition.service}`, () => database.check(), database.open((dataSource) => prepareDatabase(dataSource, definition, logger)));
            watchPool(database, metrics);
            return database;
          },
          inject: [databaseConfig.token, Logger, Readiness, Metrics],
        },
      ],
      exports: [Database],
    };
  }
}

function watchPool(database: Database, metrics: Metrics): void {
  const connections = metrics.gauge('rollcall_database_connections', 'Connections to a database, by what they do: idle or busy', ['database', 'state']);
  const waiting = metrics.gauge('rollcall_database_waiting', 'Statements that wait for a connection', ['database']);
  metrics.readWhenAsked({
    read: () => {
      const figures = database.figures();
      connections.set({ database: database.service, state: 'idle' }, figures.idle);
      connections.set({ database: database.service, state: 'busy' }, figures.busy);
      waiting.set({ database: database.service }, figures.waiting);
    },
  });
}
