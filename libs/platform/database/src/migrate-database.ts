import type { ConfigValues } from '#libs/platform/config';
import type { Logger } from '#libs/platform/logging';
import { createDataSource } from './data-source.js';
import type { databaseConfig } from './database.config.js';
import type { ServiceDatabase } from './database.module.js';
import { Database } from './database.js';
import { prepareDatabase } from './prepare-database.js';

/**
 * Brings a service's database up to date, as its own start would, and closes it again. Waits for a server that is out of reach.
 * @throws StartupError for what the operator can mend, such as a schema of a newer version
 */
export async function migrateDatabase(definition: ServiceDatabase, config: ConfigValues<typeof databaseConfig>, logger: Logger): Promise<void> {
  const database = new Database(definition.service, createDataSource(definition, config, logger), logger);
  try {
    await database.open((dataSource) => prepareDatabase(dataSource, definition, logger));
  } finally {
    await database.onApplicationShutdown();
  }
}
