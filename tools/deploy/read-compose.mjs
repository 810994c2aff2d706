import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../checkout.mjs';

/**
 * docker-compose.yml with its anchors merged and its variables filled in, as Compose reads it.
 *
 * @param {Record<string, string | undefined>} variables what `.env` and the shell say
 * @throws when a variable that the file demands is missing
 */
export function readCompose(variables) {
  // Values are filled in after parsing, so that an empty one is an empty text and not nothing.
  return fillIn(parse(composeText(), { merge: true }), variables);
}

/** Names of the variables that the file reads, and of those that it demands. */
export function composeVariables() {
  const found = [...composeText().replace(/^\s*#.*$/gm, '').matchAll(/\$\{(\w+)(:\?)?/g)];
  return { all: new Set(found.map(([, name]) => name)), demanded: new Set(found.filter(([, , demanded]) => demanded).map(([, name]) => name)) };
}

function composeText() {
  return readFileSync(join(root, 'docker-compose.yml'), 'utf8');
}

function fillIn(value, variables) {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((each) => fillIn(each, variables));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillIn(each, variables)]));
  return value;
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; the innermost first, because a default may hold another. */
function interpolate(text, variables) {
  const innermost = /\$\{(\w+)(?::([-?])([^${}]*))?\}/;
  let filled = text;
  for (let match = innermost.exec(filled); match !== null; match = innermost.exec(filled)) {
    const [whole, name, operator, rest] = match;
    const given = variables[name] || undefined;
    if (given === undefined && operator === '?') throw new Error(`${name}: ${rest}`);
    filled = filled.replace(whole, () => given ?? (operator === '-' ? rest : ''));
  }
  return filled;
}
