// node tools/cli/build-package.mjs: makes the npm package @rollcall/cli in dist/packages/cli, for `npm pack` and `npm publish` there.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { root } from '../checkout.mjs';

const project = join(root, 'libs/cli');
/** What the file takes in of others, whose licences want to be named. */
const thirdParty = ['zod'];

/**
 * One file that needs nothing but Node.
 *
 * @param {string} folder what is in it is removed first
 */
export async function buildPackage(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    ssr: { noExternal: true, resolve: { conditions: ['source'] } },
    build: { ssr: join(root, 'apps/cli/src/main.ts'), outDir: folder, emptyOutDir: false, copyPublicDir: false, minify: false, target: 'node20', rolldownOptions: { output: { entryFileNames: 'rollcall.js', banner: '#!/usr/bin/env node', codeSplitting: false } } },
  });
  chmodSync(join(folder, 'rollcall.js'), 0o755);
  for (const file of ['package.json', 'README.md']) copyFileSync(join(project, file), join(folder, file));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const licences = thirdParty.map((name) => `${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8')}`);
  writeFileSync(join(folder, 'THIRD-PARTY.txt'), `rollcall.js holds parts of:\n\n${licences.join('\n')}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = join(root, 'dist/packages/cli');
  await buildPackage(folder);
  console.log(`The package is in ${folder}.`);
}
