import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { readEndpoints } from './describe-endpoints.mjs';

const documents = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs'), { recursive: true }).map((file) => `docs/${String(file).replaceAll('\\', '/')}`).filter((file) => file.endsWith('.md') && !file.includes('node_modules'))];
const textOf = (file) => readFileSync(join(root, file), 'utf8');
const specs = readdirSync(join(root, 'apps/e2e/src')).filter((file) => file.endsWith('.e2e-spec.ts')).map((file) => textOf(`apps/e2e/src/${file}`));

/** What is meant to be run, copied or compiled. JSON is what is answered, `text` and blocks without a language are pictures. */
const languages = new Set(['sh', 'bash', 'shell', 'ts', 'js', 'html', 'go', 'python', 'sql', 'yaml']);

/** The documents whose blocks a spec runs, as it names them: `docs/guides/x.md`, `guides/x.md`, or `x` where it has the folder elsewhere. */
function isRun(document, language) {
  const short = document.replace(/^docs\//, '');
  const name = short.replace(/^guides\/|\.md$/g, '');
  return specs.some((spec) => [document, `docs/${short}`, short, ...(spec.includes("'docs/guides'") ? [name, `${name}.md`] : [])].some((one) => spec.includes(`'${one}'`) || spec.includes(` ${one} `)) && (language === 'sh' || spec.includes(`'${language}'`)));
}

describe.each(documents)('%s', (document) => {
  const text = textOf(document);

  it('has no block that nothing runs and that does not say why', () => {
    const blocks = [...text.matchAll(/^( *<!-- not run: ([^\n]*) -->\n)?( *)```(\w+)\n([^]*?)^\3```/gm)];
    const unexplained = blocks.filter(([, , reason, , language, code]) => languages.has(language) && !(reason?.length > 10) && !/^ *\/\/ (apps|libs|tools)\//.test(code) && !isRun(document, language));
    expect(unexplained.map(([block]) => block.slice(0, 200))).toEqual([]);
  });
});

describe.each(documents.filter((document) => document.startsWith('docs/coming-from/')))('%s', (document) => {
  it('names calls that there are', () => {
    const known = new Set(readEndpoints().map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`));
    const named = [...textOf(document).matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^\s`?]*)[^`]*`/g)].map(([, call]) => call);
    expect(named.filter((call) => !known.has(call))).toEqual([]);
  });
});
