import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';

const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs').filter((file) => file.endsWith('.md'))];
const names = new Set([...['apps', 'libs', 'tools', 'docs'].flatMap(filesBelow), ...readdirSync(root)].map((file) => posix.basename(file)));

/** Named in the documents and in no checkout: what a running Rollcall writes, and how files are named. */
const notInCheckout = new Set(['demo.json', 'kebab-case.role.ts']);

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names files and folders that are there', () => {
    const quoted = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/`([^`\s]+)`/g)].map(([, name]) => name);
    const paths = quoted.filter((name) => /^(apps|libs|tools|docs|deploy|bench)\/[\w./-]+$/.test(name));
    const files = quoted.filter((name) => /^[\w-][\w.-]*\.(ts|mjs|json|md)$/.test(name) && !notInCheckout.has(name));
    expect([...paths.filter((path) => !existsSync(join(root, path))), ...files.filter((name) => !names.has(name))]).toEqual([]);
  });

  it('links to pages that are there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => posix.join(dirname(document), target));
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  it('quotes code as it is', () => {
    const blocks = [...text.matchAll(/^ *```ts\n *\/\/ (\S+)\n([^]*?)^ *```/gm)];
    expect(blocks.flatMap(([, file, code]) => linesNotIn(file, code))).toEqual([]);
  });
});

/** A quotation's parts, which a line `// …` separates, that the file does not have; without regard to indentation. */
function linesNotIn(file, code) {
  const source = trimLines(readFileSync(join(root, file), 'utf8'));
  const parts = trimLines(code).split('\n// …\n');
  return parts.map((part) => part.trim()).filter((part) => !source.includes(part)).map((part) => `${file}: ${part}`);
}

function trimLines(text) {
  return text.split('\n').map((line) => line.trim()).join('\n');
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true }).map((file) => `${folder}/${file.split('\\').join('/')}`);
}
