export { defineConfig, readConfig, type ConfigDefinition, type ConfigValues, type ConfigWarning, type Environment, type ReadConfig } from './config.js';
export { duration, flag, httpOrigin, httpUrl, list, natsUrls, port, postgresUrl, url, wholeNumber } from './config-types.js';
export { readEnvironment } from './read-environment.js';
export { isMasterKey, masterKeyConfig, masterKeyRule } from './master-key.config.js';
