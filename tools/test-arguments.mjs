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
