import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { slugOf } from './slug.mjs';

const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs').filter((file) => file.endsWith('.md') && !file.includes('node_modules/'))];
const names = new Set([...['apps', 'libs', 'tools', 'docs'].flatMap(filesBelow), ...readdirSync(root)].map((file) => posix.basename(file)));

/** Named in the documents and in no checkout: what a running Rollcall writes, and how files are named. */
const notInCheckout = new Set(['metrics-targets.json', 'demo.json', 'kebab-case.role.ts']);

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const configured = new Set([...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
/** Variables of Node.js and of the specs. */
const ofOthers = new Set(['NODE_EXTRA_CA_CERTS', 'ROLLCALL_FAULTS', 'ROLLCALL_TOPOLOGY', 'ROLLCALL_UPGRADE_FROM', 'ROLLCALL_WALK_SEED']);

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names files and folders that are there', () => {
    const quoted = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/`([^`\s]+)`/g)].map(([, name]) => name);
    const paths = quoted.filter((name) => /^(apps|libs|tools|docs|deploy|bench)\/[\w./-]+$/.test(name));
    const files = quoted.filter((name) => /^[\w-][\w.-]*\.(ts|mjs|json|md)$/.test(name) && !notInCheckout.has(name));
    expect([...paths.filter((path) => !existsSync(join(root, path))), ...files.filter((name) => !names.has(name))]).toEqual([]);
  });

  it('names npm commands and variables that there are', () => {
    const commands = [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name);
    const variables = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g)].map(([, name]) => name);
    expect([...commands.filter((name) => !(name in scripts)), ...variables.filter((name) => !configured.has(name) && !ofOthers.has(name))]).toEqual([]);
  });

  it('links to pages that are there, and to headings that they have', () => {
    const links = [...text.replace(/^ *```[^]*?^ *```/gm, '').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, target, anchor]) => ({ file: target === '' ? document : posix.join(dirname(document), target), anchor }));
    expect(links.filter(({ file, anchor }) => !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).has(anchor))).map(({ file, anchor }) => `${file}#${anchor ?? ''}`)).toEqual([]);
  });

  it('quotes code as it is', () => {
    const blocks = [...text.matchAll(/^ *```ts\n *\/\/ (\S+)\n([^]*?)^ *```/gm)];
    expect(blocks.flatMap(([, file, code]) => linesNotIn(file, code))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  it('names every room of the platform', () => {
    const [, named] = /one purpose a room: ([a-z\s]+)\ntools\//.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));
    expect(named.trim().split(/\s+/).sort()).toEqual(readdirSync(join(root, 'libs/platform')).sort());
  });
});

describe('docs/README.md', () => {
  const text = readFileSync(join(root, 'docs/README.md'), 'utf8');

  it('leads to every page and every decision', () => {
    const pages = filesBelow('docs').filter((file) => file.endsWith('.md') && file !== 'docs/README.md' && !/^docs\/(coming-from\/(?!index)|\.vitepress|node_modules)/.test(file)).map((file) => file.slice('docs/'.length));
    expect(pages.filter((page) => !text.includes(`](${page})`))).toEqual([]);
  });
});

/** What headings are called in addresses, on GitHub and on the site. */
function anchorsOf(file) {
  const known = new Map();
  const headings = [...readFileSync(join(root, file), 'utf8').replace(/^ *```[^]*?^ *```/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm)];
  return new Set(headings.map(([, heading]) => {
    const slug = slugOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    const before = known.get(slug) ?? 0;
    known.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  }));
}

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
