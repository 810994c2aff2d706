import { join } from 'node:path';
import { root } from '../checkout.mjs';

const source = (file) => import(join(root, file));
const { readConfig } = await source('libs/platform/config/src/config.ts');
const { startTable } = await source('libs/platform/runtime/src/start-table.ts');

/** The entries of the start table that are deployed as services: not the one process, and not the command. */
export const deployed = Object.entries(startTable).filter(([name]) => name !== 'all' && name !== 'restore');

/**
 * What a process of this name reads of the environment: what run.ts and run-once.ts read for everybody, and what its target adds.
 *
 * @param {string} name of the start table, or of a one-off
 * @returns {Promise<{ known: string[], read: (environment: Record<string, string | undefined>) => { warnings: object[] } }>} `read` throws what the process would refuse
 */
export async function configOf(name) {
  const entry = startTable[name];
  const platform = ['runtime', 'logging', 'rpc', ...(entry === undefined ? [] : ['tracing', 'database']), ...(entry?.queue === undefined ? [] : ['queue']), ...(entry?.limits === 'redis' ? ['limits'] : [])];
  const definitions = [];
  // One after the other: jest’s loader trips over two at once.
  for (const room of platform) definitions.push((await source(`libs/platform/${room}/src/${room}.config.ts`))[`${room}Config`]);
  if (entry !== undefined) definitions.push(...(await source(`libs/${name}/src/index.ts`))[`${name}Target`].config);
  return { known: definitions.flatMap(({ shape }) => Object.keys(shape)), read: (environment) => readConfig(definitions, environment) };
}
