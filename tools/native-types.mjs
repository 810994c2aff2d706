import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './checkout.mjs';

/**
 * Runs the native TypeScript compiler: in a fraction of the time of the one that has an API.
 *
 * @param {string[]} parameters @param {{ cwd?: string }} [options]
 * @returns {string} what it finds wrong; empty when nothing is
 */
export function compileTypes(parameters, { cwd = root } = {}) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(root, 'node_modules/@typescript/native/bin/tsc'), '--pretty', 'false', ...parameters], { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return status === 0 ? '' : stdout.trim() || stderr.trim() || `exit code ${status}`;
}
