export { runCli } from './cli.js';
export { cliConfig } from './cli.config.js';
