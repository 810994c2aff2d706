export { Database, type Queryable, type Transaction } from './database.js';
export { serviceDatabaseUrl } from './data-source.js';
export { databaseConfig } from './database.config.js';
export { DatabaseModule, type ServiceDatabase } from './database.module.js';
export { rollcallVersion } from './version.js';
export { onConstraint, isUniqueViolation } from './postgres-errors.js';
export { sql, type Statement } from './statement.js';
export { claimDataFolder, type DataFolderClaim } from './embedded/data-folder.js';
export { startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
