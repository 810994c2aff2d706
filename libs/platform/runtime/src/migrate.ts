import { readConfig, type Environment } from '#libs/platform/config';
import { databaseConfig, migrateDatabase } from '#libs/platform/database';
import { StartupError } from '#libs/platform/errors';
import { createLogger, loggingConfig } from '#libs/platform/logging';
import type { ConfigReader, Target } from './target.js';

/**
 * Brings the target's database up to date and does nothing else: before a rollout, where the service itself may not alter tables,
 * or where that takes longer than its start may.
 * @throws StartupError for everything that the operator can mend
 */
export async function migrate(target: Target, environment: Environment): Promise<void> {
  const { values } = readConfig([loggingConfig, databaseConfig], environment);
  const read = ((definition: { token: symbol }) => values.get(definition.token)) as ConfigReader;
  const { LOG_LEVEL, LOG_FORMAT } = read(loggingConfig);
  if (target.database === undefined) throw new StartupError(`${target.name} has no database: there is nothing to migrate.`);
  const logger = createLogger({ level: LOG_LEVEL, format: LOG_FORMAT ?? (process.stdout.isTTY ? 'text' : 'json'), service: target.name });
  await migrateDatabase(target.database, read(databaseConfig), logger);
}
