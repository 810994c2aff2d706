import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import { checkoutFolder } from '#libs/platform/testing';
import { platform } from './platform-under-test.js';

const run = promisify(execFile);

/** `"…"` stands for any text that is there. */
function expectation(value: unknown): unknown {
  if (value === '…') return expect.any(String);
  return value === null || typeof value !== 'object' || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).map(([key, child]) => [key, expectation(child)]));
}

it('docs/guides/client-library.md has TypeScript that runs, and shows what it prints', async () => {
  const text = await readFile(join(checkoutFolder, 'docs/guides/client-library.md'), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([^]*?)^```\n(?:\n```json\n([^]*?)^```)?/gm)].map(([, code = '', shown]) => ({ code, shown }));
  expect(blocks.length).toBeGreaterThan(10);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-guide-'));
  try {
    await symlink(platform.dataDir, join(folder, '.rollcall'));
    // Whether the package is packed rightly, tools/client/package.spec.mjs shows.
    const installed = join(folder, 'node_modules/@rollcall/client');
    await mkdir(installed, { recursive: true });
    await writeFile(join(installed, 'package.json'), '{"type":"module","exports":"./index.js"}');
    await writeFile(join(installed, 'index.js'), `export * from ${JSON.stringify(pathToFileURL(join(checkoutFolder, 'dist/libs/client/src/index.js')).href)};\n`);
    const { code } = transformSync(blocks.map((block) => block.code).join('\nconsole.log("\\u0001");\n'), { swcrc: false, configFile: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } });
    await writeFile(join(folder, 'guide.mjs'), code);
    const { stdout } = await run(process.execPath, ['guide.mjs'], { cwd: folder });
    const outputs = stdout.split('\u0001\n');
    expect(outputs).toHaveLength(blocks.length);
    for (const [index, { shown }] of blocks.entries()) if (shown !== undefined) expect(JSON.parse(outputs[index]!)).toEqual(expectation(JSON.parse(shown)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
