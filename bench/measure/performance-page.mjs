import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/checkout.mjs';

/** `2 cores (AMD EPYC), 24 GiB, Node.js 20.20.2; 2026-11-27.` */
export const machine = () => `${availableParallelism()} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}; ${new Date().toISOString().slice(0, 10)}.`;

/** @param {string[]} head @param {(string | number)[][]} rows @returns a table in Markdown */
export const tableOf = (head, rows) => [head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n');

/** Puts lines into docs/performance.md, between its markers `<!-- name:begin -->` and `<!-- name:end -->`. @throws when they are not there */
export async function writeBetween(name, lines) {
  const page = join(root, 'docs', 'performance.md');
  const before = await readFile(page, 'utf8');
  const markers = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = markers.map((marker) => before.indexOf(marker));
  if (from < 0 || to < from) throw new Error(`docs/performance.md has lost ${markers.join(' or ')}`);
  await writeFile(page, `${before.slice(0, from)}${[markers[0], '', ...lines, ''].join('\n')}${before.slice(to)}`);
}
