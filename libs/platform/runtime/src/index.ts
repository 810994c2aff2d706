export { runtimeConfig } from './runtime.config.js';
export { startTable, type StartEntry, type TargetName } from './start-table.js';
export { defineTarget, type ConfigReader, type HttpOptions, type Target } from './target.js';
export { run, type Running } from './run.js';
export { main } from './main.js';
export { runOnce, type OneOff } from './run-once.js';
