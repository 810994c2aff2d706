import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout.mjs';

const begin = '<!-- configuration:begin -->';
const end = '<!-- configuration:end -->';

/** The files that declare what the environment may say, relative to the checkout. The runtime's first: it is what everybody sets. */
export function configurationFiles() {
  const files = walk('libs').filter((file) => file.endsWith('.config.ts')).sort();
  const rank = (file) => (file.startsWith('libs/platform/runtime/') ? 0 : file.startsWith('libs/platform/') ? 1 : 2);
  return files.sort((a, b) => rank(a) - rank(b));
}

/**
 * What `defineConfig` made in those files.
 *
 * @param {(file: string) => Promise<Record<string, unknown>>} load imports one of them, built or as it is
 * @returns {Promise<{ name: string, shape: Record<string, import('zod').ZodType> }[]>}
 */
export async function readDefinitions(load) {
  const modules = [];
  for (const file of configurationFiles()) modules.push(await load(file)); // jest can't load two that share a module at once
  return modules.flatMap((module) => Object.values(module)).filter((value) => typeof value === 'object' && value !== null && 'shape' in value && 'token' in value);
}

/** The Markdown table of all variables; one that several modules read has one row. */
export function configurationTable(definitions) {
  const rows = new Map();
  for (const { shape } of definitions) {
    for (const [variable, type] of Object.entries(shape)) {
      const meaning = type.description;
      if (meaning === undefined) throw new Error(`${variable} has no description: end its definition with .describe('…').`);
      const row = rows.get(variable) ?? { default: defaultOf(type), meanings: new Set() };
      rows.set(variable, row);
      row.meanings.add(meaning);
    }
  }
  const lines = [...rows].map(([variable, row]) => `| \`${variable}\` | ${row.default} | ${[...row.meanings].join('. ').replaceAll('|', '\\|')} |`);
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...lines].join('\n');
}

/** The text with the table between its marks. */
export function withTable(text, table) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`The file has no ${begin} … ${end}.`);
  return `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`;
}

function defaultOf(type) {
  const absent = type.safeParse(undefined);
  if (!absent.success) return 'required';
  if (absent.data === undefined || (typeof absent.data === 'object' && Object.keys(absent.data).length === 0)) return '';
  // Time spans are written with their unit and parsed to seconds.
  const isSpan = type.safeParse('1m').data === 60;
  return `\`${isSpan ? spanOf(absent.data) : absent.data}\``;
}

function spanOf(seconds) {
  const [unit, length] = [['d', 86_400], ['h', 3_600], ['m', 60], ['s', 1]].find(([, one]) => seconds % one === 0);
  return `${seconds / length}${unit}`;
}

function walk(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? walk(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}
