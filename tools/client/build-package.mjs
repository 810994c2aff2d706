// node tools/client/build-package.mjs: makes the npm package @rollcall/client in dist/packages/client, for `npm pack` and `npm publish` there.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { root } from '../checkout.mjs';
import { compileTypes } from '../native-types.mjs';

const project = join(root, 'libs/client');
const forms = { esm: { module: 'es6', type: 'module' }, cjs: { module: 'commonjs', type: 'commonjs' } };

/**
 * ES modules and CommonJS, each with its types. They are checked here without Node's types: the client uses what browsers
 * and edge runtimes have too.
 *
 * @param {string} folder what is in it is removed first
 */
export function buildPackage(folder) {
  rmSync(folder, { recursive: true, force: true });
  const sources = readdirSync(join(project, 'src'), { recursive: true }).map((name) => String(name).replaceAll('\\', '/')).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.startsWith('spec-support/'));
  const types = declarations();
  for (const [form, { module, type }] of Object.entries(forms)) {
    for (const source of sources) {
      const name = source.replace(/\.ts$/, '');
      const { code } = transformSync(readFileSync(join(project, 'src', source), 'utf8'), { swcrc: false, configFile: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: module } });
      write(join(folder, form, `${name}.js`), code);
      write(join(folder, form, `${name}.d.ts`), types.get(name));
    }
    write(join(folder, form, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
  }
  copyFileSync(join(project, 'package.json'), join(folder, 'package.json'));
  copyFileSync(join(project, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

/** @returns {Map<string, string>} declarations by the name of their module; the same serve both forms */
function declarations() {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-declarations-'));
  try {
    const rules = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--module', 'nodenext', '--strict', '--noUncheckedIndexedAccess', '--types', '', '--skipDefaultLibCheck'];
    const mistakes = compileTypes(['--ignoreConfig', ...rules, '--declaration', '--emitDeclarationOnly', '--rootDir', join(project, 'src'), '--outDir', folder, join(project, 'src/index.ts')]);
    if (mistakes !== '') throw new Error(mistakes);
    const files = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/')).filter((name) => name.endsWith('.d.ts'));
    return new Map(files.map((file) => [file.replace(/\.d\.ts$/, ''), readFileSync(join(folder, file), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = join(root, 'dist/packages/client');
  buildPackage(folder);
  console.log(`The package is in ${folder}.`);
}
