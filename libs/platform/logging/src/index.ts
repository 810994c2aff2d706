export { BoundedLog } from './bounded-log.js';
export { createLogger, Logger, type LoggerOptions, type LogLevel } from './logger.js';
export { loggingConfig } from './logging.config.js';
export { NestLogger } from './nest-logger.js';
