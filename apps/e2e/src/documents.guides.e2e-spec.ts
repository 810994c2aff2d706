import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { checkoutFolder } from '#libs/platform/testing';
import { api, platform } from './platform-under-test.js';

const run = promisify(execFile);
const between = '\u0001';

interface Block {
  code: string;
  /** What the document shows after it: a line of JSON for each command that answers, or one value. */
  shown: string | undefined;
}

/** The blocks of a language, but those that say why they are not run; without the comments that say it. */
async function blocksOf(document: string, language: 'sh' | 'ts'): Promise<Block[]> {
  const text = await readFile(join(checkoutFolder, document), 'utf8');
  const found = [...text.matchAll(new RegExp(`^(<!-- not run: [^\\n]+ -->\\n)?\`\`\`${language}\\n([^]*?)^\`\`\`\\n(?:\\n\`\`\`json\\n([^]*?)^\`\`\`)?`, 'gm'))];
  return found.filter(([, mark]) => mark === undefined).map(([, , code = '', shown]) => ({ code: code.replaceAll('http://127.0.0.1:3000', platform.url), shown }));
}

/** Keys and types; what the document writes as `…` is anything. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shapeOf(child)]));
}

/** `"…"` stands for any text that is there. */
function expectation(value: unknown): unknown {
  if (value === '…') return expect.any(String);
  return value === null || typeof value !== 'object' || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).map(([key, child]) => [key, expectation(child)]));
}

function valuesIn(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    // Answers of several commands follow one another without a line between them.
    return text.trim().replaceAll('}{', '}\n{').split('\n').map((line) => JSON.parse(line) as unknown);
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-guide-'));
  try {
    await symlink(platform.dataDir, join(folder, '.rollcall'));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

afterAll(async () => {
  // Other specs' pages may call from anywhere, or from nowhere.
  await api.patch(`/v1/admin/projects/${platform.demo.project.id}`, { headers: { 'x-api-key': platform.demo.apiKey }, body: { settings: { allowed_origins: null } } });
});

describe.each(['README.md', 'docs/api-reference.md', 'docs/operating-metrics.md', 'docs/guides/login-page.md'])('%s', (document) => {
  it('has lines that work, and shows what they answer', async () => {
    const blocks = await blocksOf(document, 'sh');
    expect(blocks.length).toBeGreaterThan(0);
    const strict = 'set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n';
    const { stdout } = await inFolder((folder) => run('bash', ['-c', strict + blocks.map(({ code }) => code).join(`\nprintf '${between}'\n`)], { cwd: folder }));
    const outputs = stdout.split(between);
    expect(outputs).toHaveLength(blocks.length);
    for (const [index, { shown }] of blocks.entries()) if (shown !== undefined) expect(valuesIn(outputs[index]!).map(shapeOf)).toEqual(valuesIn(shown).map(shapeOf));
  });
});

describe.each(['docs/guides/client-library.md', 'docs/guides/login-page.md'])('%s', (document) => {
  it('has TypeScript that runs, and shows what it prints', async () => {
    const blocks = await blocksOf(document, 'ts');
    expect(blocks.length).toBeGreaterThan(1);
    const stdout = await inFolder(async (folder) => {
      // Whether the package is packed rightly, tools/client/package.spec.mjs shows.
      const installed = join(folder, 'node_modules/@rollcall/client');
      await mkdir(installed, { recursive: true });
      await writeFile(join(installed, 'package.json'), '{"type":"module","exports":"./index.js"}');
      await writeFile(join(installed, 'index.js'), `export * from ${JSON.stringify(pathToFileURL(join(checkoutFolder, 'dist/libs/client/src/index.js')).href)};\n`);
      const { code } = transformSync(blocks.map((block) => block.code).join(`\nconsole.log("\\u0001");\n`), { swcrc: false, configFile: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } });
      await writeFile(join(folder, 'guide.mjs'), code);
      return (await run(process.execPath, ['guide.mjs'], { cwd: folder })).stdout;
    });
    const outputs = stdout.split(`${between}\n`);
    expect(outputs).toHaveLength(blocks.length);
    for (const [index, { shown }] of blocks.entries()) if (shown !== undefined) expect(JSON.parse(outputs[index]!)).toEqual(expectation(JSON.parse(shown)));
  });
});
