import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout that these tools belong to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Says what a tool does, one line a step. */
export const consoleLog = {
  debug() {},
  info: (message) => console.log(message),
  warn: (message) => console.error(message),
};
