import { StartupError } from './startup-error.mjs';

const parts = ['lint', 'types', 'unit', 'e2e'];

/**
 * `npm test -- [--only=part[,part]] [pattern …]`. A pattern names spec files and leaves lint and types out, unless asked for.
 *
 * @param {string[]} parameters
 * @returns {{ parts: Set<string>, forJest: string[], named: boolean }} `forJest`: patterns and jest's own options; `named`: there is a pattern
 */
export function readTestArguments(parameters) {
  const only = parameters.filter((text) => text.startsWith('--only=')).flatMap((text) => text.slice('--only='.length).split(','));
  const unknown = only.find((part) => !parts.includes(part));
  if (unknown !== undefined) throw new StartupError(`--only=${unknown} is unknown: it takes ${parts.join(', ')}.`);
  const forJest = parameters.filter((text) => !text.startsWith('--only='));
  const named = forJest.some((text) => !text.startsWith('-'));
  const wanted = only.length > 0 ? only : named ? ['unit', 'e2e'] : parts;
  return { parts: new Set(wanted), forJest, named };
}

/**
 * `npm run test:faults -- [--topology=all-in-one] [--short] [pattern …]`. A pattern names faults: `relay`, `redis`. `--short`: as briefly as
 * each can be, those included that `npm test` leaves out.
 *
 * @param {string[]} parameters
 * @returns {{ topology: 'services' | 'all-in-one', faults: 'whole' | 'tried', forJest: string[] }}
 */
export function readFaultArguments(parameters) {
  const named = parameters.filter((text) => text.startsWith('--topology=')).map((text) => text.slice('--topology='.length));
  const topology = named.at(-1) ?? 'services';
  if (topology !== 'services' && topology !== 'all-in-one') throw new StartupError(`--topology=${topology} is unknown: it takes services, all-in-one.`);
  const others = parameters.filter((text) => !text.startsWith('--topology=') && text !== '--short');
  const patterns = others.filter((text) => !text.startsWith('-')).map((text) => `${text}[^/]*\\.faults\\.`);
  return { topology, faults: parameters.includes('--short') ? 'tried' : 'whole', forJest: [...others.filter((text) => text.startsWith('-')), ...(patterns.length > 0 ? patterns : ['\\.faults\\.'])] };
}
